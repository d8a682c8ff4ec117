#pragma once
// A value that a reader (flags, environment, file) found for one row of the table, and its place.

#include "config/problems.h"
#include "config/settings_table.h"

#include <cstdint>
#include <string>
#include <vector>

namespace config {

struct Origin {
    enum class Kind : unsigned char { built_in, file, environment, flag };
    Kind kind = Kind::built_in;
    std::string source;  // file name, variable, or "--flag"
    Position at;         // in a file
};

// `default`, `file settings.jsonc:3:5`, `environment MURANO_EMULATOR_API`, `flag --api`
std::string to_string(const Origin& origin);

// "default", "file", "environment", "flag"
std::string_view kind_name(Origin::Kind kind);

struct Assignment {
    const Setting* setting = nullptr;
    std::vector<std::string> texts;
    Origin origin;
    std::vector<Position> positions;  // in a file, of a list's elements
};

// A problem with the row's value, at its origin.
Problem problem_at(const Origin& origin, const Setting& setting, std::string message);

}  // namespace config
