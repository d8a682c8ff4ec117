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
    std::string what;  // one sentence: what is wrong, and what is allowed
};

// `*` matches any number of characters, `?` one. Case is ignored.
bool matches_glob(std::string_view glob, std::string_view id);

// "KA-01, KA-02, KA-03": the group of an id or a glob; empty: there is no such group.
std::string ids_of_group(std::string_view pattern);

// In the order of the table. An id in `only` is selected from any suite; a pattern that matches no check is an error,
// and so is an empty selection.
std::variant<std::vector<const CheckRow*>, SelectionError> select(const Selection& selection);

}  // namespace verdict
