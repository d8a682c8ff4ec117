#pragma once
// `exec -- COMMAND`: runs a command with its own server and device, and reports what the device did.

#include "config/read_environment.h"
#include "server/cli/client_options.h"

#include <iosfwd>
#include <span>
#include <string>

namespace cli {

// The command's exit code; else 1 for findings that match --fail-on or a server that failed; 2: bad usage or settings;
// 126, 127: the command cannot be run, does not exist.
int exec_command(std::span<const std::string> arguments, const config::Environment& environment, std::ostream& out,
                 std::ostream& err);

std::span<const OptionSpec> exec_options();

}  // namespace cli
