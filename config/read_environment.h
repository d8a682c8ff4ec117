#pragma once
// `MURANO_EMULATOR_…` variables. An empty variable counts as unset, because compose files create such.

#include "config/assignment.h"

#include <map>
#include <string>
#include <vector>

namespace config {

using Environment = std::map<std::string, std::string, std::less<>>;

// The emulator's variables, those for a device (MURANO_HOST), and GITHUB_ACTIONS, from a process environment as in
// main() or <unistd.h>: ends with nullptr.
Environment environment_of(const char* const* entries);

// Unknown MURANO_EMULATOR_ variables are warnings with the nearest known one, except those of the client commands.
std::vector<Assignment> read_environment(const Environment& environment, Problems& problems);

}  // namespace config
