#pragma once
// Which checks a run has: a suite, narrowed by ids and globs. [verdict.md 1, --suite, --only, --skip] Pure; any thread.

#include "server/verdict/check_table.h"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace verdict {

struct Selection {
    std::string suite = "quick";         // "quick" or "full"
    std::vector<std::string> only = {};  // ids and globs ("CON-*"); empty: all of the suite
    std::vector<std::string> skip = {};
};

struct SelectionError {
    std::string what;  // one sentence: what stands there, and what may
};

// `*` stands for any number of characters, `?` for one. Upper and lower case are the same.
bool matches_glob(std::string_view glob, std::string_view id);

// "KA-01, KA-02, KA-03": of the group that an id or a glob names; empty: there is no such group.
std::string ids_of_group(std::string_view pattern);

// In the order of the table. An id of `only` is taken whatever the suite; a pattern that fits no check is an error, and
// so is a selection of nothing.
std::variant<std::vector<const CheckRow*>, SelectionError> select(const Selection& selection);

}  // namespace verdict
