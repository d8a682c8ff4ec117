#pragma once
// The one table of checks, in the order in which they run. [verdict.md 3] Static storage; any thread.

#include "server/verdict/act.h"
#include "server/verdict/watch.h"

#include <span>
#include <string_view>

namespace verdict {

struct CheckRow {
    std::string_view id;      // "TLS-01"
    std::string_view title;   // what it requires, as a statement about the device
    std::string_view source;  // rules and statements
    bool in_quick = false;
    // Exactly one is set.
    MakeWatch watch = nullptr;
    MakeAct act = nullptr;
    // Conditions to run it: names of hooks, "alone" (no other device on the connector), separated by spaces.
    std::string_view needs = {};
    std::string_view parameters = {};  // those that change it: names of verdict.md 2, separated by spaces
};

std::span<const CheckRow> check_table();

// "TLS" of "TLS-01".
std::string_view group_of(std::string_view id);

}  // namespace verdict
