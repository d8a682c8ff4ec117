#pragma once
// The command line of `serve`: `--flag value`, `--flag=value`; switches alone or as `--switch=false`; lists by
// repeating or with commas. Other repeated flags: the last one counts. `--help` and `-h`.

#include "config/assignment.h"

#include <span>
#include <string>
#include <vector>

namespace config {

struct Flags {
    std::vector<Assignment> assignments;  // at most one per row
    bool help = false;
};

Flags read_flags(std::span<const std::string> arguments, Problems& problems);

// Splits `a,b` into `a` and `b`; an empty text is an empty list.
std::vector<std::string> split_list(std::string_view text);

}  // namespace config
