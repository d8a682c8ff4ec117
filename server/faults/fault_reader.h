#pragma once
// Reads one description key by key: the common keys here, the kind's own by its table row.

#include "server/faults/fault_json.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace faults {

class FaultReader {
  public:
    FaultReader(const config::JsonNode& node, const std::string& path, const config::ReadContext& context,
                const Surroundings& around);

    // The result; valid only if the context has no problem.
    Fault read();

  private:
    const config::JsonNode* find(std::string_view key);  // nullptr: absent or null
    std::optional<std::int64_t> number(std::string_view key, std::int64_t least, std::int64_t most);
    std::optional<std::string> text(std::string_view key, std::size_t least, std::size_t most);
    void wrong(const config::JsonNode& node, std::string_view key, std::string_view expected) const;

    bool read_kind();
    void read_name();
    void read_name(std::string_view key);
    void read_scope();
    void read_connector();
    void read_budget();
    void read_probability();
    void read_per();
    void read_predecessor();
    void read_values();
    void read_value(const KeyRule& rule);
    void read_choice(const KeyRule& rule, const config::JsonNode& node);
    void read_narrowing();
    void read_match(const config::JsonNode& node);
    void refuse_unknown_keys();
    void tell_missing();
    void check_whole();

    config::ObjectReader reader_;
    const Surroundings& around_;
    std::vector<std::string_view> known_;
    std::vector<const KeyRule*> missing_;
    Fault fault_;
};

}  // namespace faults
