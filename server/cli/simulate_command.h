#pragma once
// murano-emulator simulate: devices that behave well, or make one mistake.

#include "server/cli/simulate_request.h"

#include <iosfwd>

namespace cli {

int simulate_command(std::span<const std::string> arguments, const config::Environment& environment, std::ostream& out,
                     std::ostream& err);

}  // namespace cli
