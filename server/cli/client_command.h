#pragma once
// What all commands that talk to a server have in common: options, help, errors and exit codes.

#include "server/cli/api_client.h"
#include "server/cli/client_options.h"
#include "server/cli/errors.h"

#include <iosfwd>
#include <span>
#include <string>
#include <string_view>

namespace cli {

// One run of a command.
struct Run {
    const ClientOptions& options;
    ApiClient& api;
    std::ostream& out;
    std::ostream& err;
};

// "list", "add ID": what may stand behind the command's name, and what it does.
struct Form {
    std::string_view name;
    std::string_view arguments;  // as the usage line shows them
    std::size_t least = 0;       // how many
    std::size_t most = 0;
    std::string_view help;
    void (*run)(const Run&, std::span<const std::string> arguments);
};

// What the server calls something in its errors, and what stands for it on the command line.
struct ServerName {
    std::string_view server, typed;
};

struct ClientCommand {
    std::string_view name;  // "identity"
    std::span<const Form> forms;
    std::span<const OptionSpec> options;
    std::string_view notes = {};             // at the end of the help
    std::span<const ServerName> names = {};  // beside those that are called as an option is
};

inline constexpr std::size_t any_number = static_cast<std::size_t>(-1);

// 0; 1: refused by the server or it could not be reached; 2: bad usage; 3: a wait that ran out. A
// command with one form that has no name takes its arguments directly.
int run_client_command(const ClientCommand& command, std::span<const std::string> arguments,
                       const config::Environment& environment, std::ostream& out, std::ostream& err);

std::string client_command_help(const ClientCommand& command);

// What somebody typed for the place in a request that the server complains about: "--limit" for "?limit", "TYPE" for
// "$.match.type". The path itself where nothing was typed for it.
std::string typed_for(const ClientCommand& command, std::string_view path);

}  // namespace cli
