#pragma once
// `exec -- COMMAND`: a server and a device of its own for one command, and the report of what the device did.

#include "config/read_environment.h"
#include "server/cli/client_options.h"

#include <iosfwd>
#include <span>
#include <string>

namespace cli {

// The command's exit code; else 1 for findings that --fail-on names or a server that failed; 2: bad usage, or settings
// with a mistake; 126, 127: the command cannot be run, does not exist.
int exec_command(std::span<const std::string> arguments, const config::Environment& environment, std::ostream& out,
                 std::ostream& err);

std::span<const OptionSpec> exec_options();

}  // namespace cli
