#pragma once
// `health`: whether the server is ready. Used as a container's health check.

#include "config/read_environment.h"
#include "server/cli/client_options.h"

#include <iosfwd>
#include <span>
#include <string>

namespace cli {

// 0: ready; 2: bad usage; 3: not ready, or not reached.
int health_command(std::span<const std::string> arguments, const config::Environment& environment, std::ostream& out,
                   std::ostream& err);

std::span<const OptionSpec> health_options();

}  // namespace cli
