#pragma once
// The `allowed` list of a resource, prepared once. [R40] Immutable after construction; any thread.

#include "config/connector_settings.h"

#include <string>
#include <string_view>
#include <vector>

namespace murano {

class AllowedRule {
  public:
    AllowedRule() = default;  // everything
    AllowedRule(config::ResourceFormat format, const std::vector<config::Scalar>& allowed);

    // `text` has passed the format. Numbers compare by value, ranges include both ends; strings and booleans compare by
    // text. An empty list allows everything.
    bool allows(std::string_view text) const;

    // The list for a sentence, clipped: "9-11, 20".
    std::string describe() const;

  private:
    struct Entry {
        std::string text;  // as configured
        std::string low;   // both empty: not a number; no number equals it
        std::string high;
    };
    static Entry number_entry(const config::Scalar& scalar);

    bool numeric_ = false;
    std::vector<Entry> entries_;
};

}  // namespace murano
