#pragma once
// `completion bash|zsh`: a script that completes commands, their words and options.

#include "config/read_environment.h"

#include <iosfwd>
#include <span>
#include <string>

namespace cli {

// 0; 2: bad usage.
int completion_command(std::span<const std::string> arguments, const config::Environment& environment,
                       std::ostream& out, std::ostream& err);

}  // namespace cli
