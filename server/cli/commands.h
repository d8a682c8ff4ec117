#pragma once
// All commands except `serve`, one row each. main's dispatch, its help, and the completion scripts use this table.

#include "config/read_environment.h"
#include "server/cli/client_options.h"

#include <iosfwd>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cli {

struct Command {
    std::string_view name;
    std::string_view summary;
    std::vector<std::string> words;    // words that can follow it
    std::vector<std::string> options;  // "--json"
    int (*run)(std::span<const std::string> arguments, const config::Environment& environment, std::ostream& out,
               std::ostream& err);
};

// In the order of the help.
const std::vector<Command>& commands();

}  // namespace cli
