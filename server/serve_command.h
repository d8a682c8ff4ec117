#pragma once
// `serve`: reads settings, opens the log, runs the server, returns exit codes.

#include "config/read_environment.h"

#include <span>
#include <string>

namespace app {

// 0: stopped by a signal; 1: a failure while running; 2: bad usage or settings.
int serve_command(std::span<const std::string> arguments, const config::Environment& environment);

}  // namespace app
