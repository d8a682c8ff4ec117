#pragma once
// The one table of checks: what exists, in the order in which they have their turn. [verdict.md 3] Static storage; any
// thread.

#include "server/verdict/act.h"
#include "server/verdict/watch.h"

#include <span>
#include <string_view>

namespace verdict {

struct CheckRow {
    std::string_view id;      // "TLS-01"
    std::string_view title;   // what it asks, as a statement of the device
    std::string_view source;  // rules and statements
    bool in_quick = false;
    // One of the two.
    MakeWatch watch = nullptr;
    MakeAct act = nullptr;
    // What must be there, else it is not run: names of hooks, "alone" (the connector to itself), separated by spaces.
    std::string_view needs = {};
    std::string_view parameters = {};  // that change what it does: names of verdict.md 2, separated by spaces
};

std::span<const CheckRow> check_table();

// "TLS" of "TLS-01".
std::string_view group_of(std::string_view id);

}  // namespace verdict
