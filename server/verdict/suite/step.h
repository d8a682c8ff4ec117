#pragma once
// The steps of a custom check. [verdict.md 4] Plain values; any thread.

#include "server/journal/match.h"
#include "server/verdict/moment.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace verdict::suite {

// Sets values as the cloud would, in this order.
struct Set {
    std::vector<std::pair<std::string, std::string>> values;  // alias, text
};
// `$identity` and `$connector` in the filter mean the device's own, which are also the default.
struct Expect {
    journal::Match match;
    Moment within = std::chrono::seconds(10);
};
struct Never {
    journal::Match match;
    Moment span = std::chrono::seconds(10);
};
struct Fault {
    std::string json;  // without name and scope
};
struct Clear {};
struct Advance {
    Moment by{0};
};
struct Hook {
    std::string name;
};
struct Disconnect {};
struct Publish {
    std::string topic;
    std::string payload;
};
struct Wait {
    Moment span{0};
};

struct Step {
    std::variant<Set, Expect, Never, Fault, Clear, Advance, Hook, Disconnect, Publish, Wait> what;
    std::string hint = {};  // for the reader of a failure
};

// What the key that begins a step takes as its value.
enum class StepTakes : std::uint8_t { values, match, fault, yes, duration, name, message };

struct StepRow {
    std::string_view name;
    StepTakes takes;
    std::string_view span;  // the key beside it for a duration; empty: none
    std::string_view help;
};

// One row for each alternative of Step::what, in the same order. Used by the reader and the schema for editors.
std::span<const StepRow> step_table();

// "expect": the key that begins the step.
std::string_view step_name(const Step& step);

}  // namespace verdict::suite
