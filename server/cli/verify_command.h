#pragma once
// `murano-emulator verify`: judges whether a device's firmware is fit for Murano.

#include "config/read_environment.h"
#include "server/cli/verify_request.h"

#include <iosfwd>
#include <span>
#include <string>

namespace cli {

// Exit code 0: passed; 1: a check failed; 2: bad usage; 3: the device never connected; 4: the run failed, or judged
// nothing.
int verify_command(std::span<const std::string> arguments, const config::Environment& environment, std::ostream& out,
                   std::ostream& err);

}  // namespace cli
