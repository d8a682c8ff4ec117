#pragma once
// `doctor`: finds out why a device does not get through.

#include "config/read_environment.h"
#include "server/cli/client_options.h"

#include <iosfwd>
#include <span>
#include <string>

namespace cli {

// 0: no problem; 1: a problem was found; 2: bad usage.
int doctor_command(std::span<const std::string> arguments, const config::Environment& environment, std::ostream& out,
                   std::ostream& err);

std::span<const OptionSpec> doctor_options();

}  // namespace cli
