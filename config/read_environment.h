#pragma once
// `MURANO_EMULATOR_…` variables. An empty variable counts as not set, because compose files make such.

#include "config/assignment.h"

#include <map>
#include <string>
#include <vector>

namespace config {

using Environment = std::map<std::string, std::string, std::less<>>;

// The emulator's variables, those that a device is started with (MURANO_HOST), and GITHUB_ACTIONS, of a process
// environment as main() or <unistd.h> gives it: ends with nullptr.
Environment environment_of(const char* const* entries);

// Unknown MURANO_EMULATOR_ variables are warnings with the nearest known one; those of the client commands are not.
std::vector<Assignment> read_environment(const Environment& environment, Problems& problems);

}  // namespace config
