#pragma once
// Comma-separated values (RFC 4180): a quoted field may hold commas, quotes (doubled) and line ends.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace api {

struct CsvLine {
    std::size_t number = 0;  // of the text's line that it begins on, from 1
    std::vector<std::string> fields;
};

// Empty lines are left out, a byte order mark and blanks around fields that are not quoted are not part of them.
// nullopt: this is no text, or a quote is not closed.
std::optional<std::vector<CsvLine>> parse_csv(std::string_view text);

}  // namespace api
