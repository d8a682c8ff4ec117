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

// As the cloud would set them, in this order.
struct Set {
    std::vector<std::pair<std::string, std::string>> values;  // alias, text
};
// `$identity` and `$connector` in the filter stand for the device's own; where it names none, they are meant too.
struct Expect {
    journal::Match match;
    Moment within = std::chrono::seconds(10);
};
struct Never {
    journal::Match match;
    Moment span = std::chrono::seconds(10);
};
struct Fault {
    std::string json;  // without a name and without whom it strikes
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
    std::string hint = {};  // for whoever reads that it failed
};

// What stands behind the key that begins a step.
enum class StepTakes : std::uint8_t { values, match, fault, yes, duration, name, message };

struct StepRow {
    std::string_view name;
    StepTakes takes;
    std::string_view span;  // the key beside it that takes a duration; empty: none
    std::string_view help;
};

// One row for each alternative of Step::what, in their order. The reader and the schema for editors go by it.
std::span<const StepRow> step_table();

// "expect": the key that begins the step.
std::string_view step_name(const Step& step);

}  // namespace verdict::suite
