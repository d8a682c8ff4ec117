#pragma once
// Shared by all commands that talk to a server: options, help, errors and exit codes.

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

// "list", "add ID": a form of the command: its arguments and its action.
struct Form {
    std::string_view name;
    std::string_view arguments;  // as in the usage line
    std::size_t least = 0;       // how many
    std::size_t most = 0;
    std::string_view help;
    void (*run)(const Run&, std::span<const std::string> arguments);
};

// A name in the server's errors, and the command line's word for it.
struct ServerName {
    std::string_view server, typed;
};

struct ClientCommand {
    std::string_view name;  // "identity"
    std::span<const Form> forms;
    std::span<const OptionSpec> options;
    std::string_view notes = {};             // at the end of the help
    std::span<const ServerName> names = {};  // in addition to those with an option's name
};

inline constexpr std::size_t any_number = static_cast<std::size_t>(-1);

// 0; 1: the server refused or was not reached; 2: bad usage; 3: a wait timed out. A command with a single form without
// a name takes its arguments directly.
int run_client_command(const ClientCommand& command, std::span<const std::string> arguments,
                       const config::Environment& environment, std::ostream& out, std::ostream& err);

std::string client_command_help(const ClientCommand& command);

// The command-line word for the part of a request that the server rejects: "--limit" for "?limit", "TYPE" for
// "$.match.type". The path itself if there is no such word.
std::string typed_for(const ClientCommand& command, std::string_view path);

}  // namespace cli
