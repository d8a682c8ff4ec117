#pragma once
// `config check FILE`, `config print [--json] [flags of serve]`, `config schema`, `config reference`.

#include "config/read_environment.h"

#include <iosfwd>
#include <span>
#include <string>

namespace cli {

// `arguments`: those after `config`. Results go to `out`, mistakes to `err`. Returns the exit code: 0, or 2 for bad
// usage and bad settings.
int config_command(std::span<const std::string> arguments, const config::Environment& environment, std::ostream& out,
                   std::ostream& err);

}  // namespace cli
