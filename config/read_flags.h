#pragma once
// The command line of `serve`: `--flag value`, `--flag=value`; switches alone or as `--switch=false`; lists by
// repeating or with commas. Of anything else that stands twice, the last counts. `--help` and `-h`.

#include "config/assignment.h"

#include <span>
#include <string>
#include <vector>

namespace config {

struct Flags {
    std::vector<Assignment> assignments;  // one for each row at most
    bool help = false;
};

Flags read_flags(std::span<const std::string> arguments, Problems& problems);

// `a,b` to `a` and `b`; an empty text is an empty list.
std::vector<std::string> split_list(std::string_view text);

}  // namespace config
