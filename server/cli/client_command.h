#pragma once
// What all commands that talk to a server have in common: options, help, errors and exit codes.

#include "server/cli/api_client.h"
#include "server/cli/client_options.h"

#include <functional>
#include <iosfwd>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace cli {

// Exit code 2, and a pointer to --help.
class UsageError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

// What was waited for did not happen. Exit code 3.
class WaitRanOut : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

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

struct ClientCommand {
    std::string_view name;  // "identity"
    std::span<const Form> forms;
    std::span<const OptionSpec> options;
    std::string_view notes = {};  // at the end of the help
};

inline constexpr std::size_t any_number = static_cast<std::size_t>(-1);

// 0; 1: refused by the server or it could not be reached; 2: bad usage; 3: a wait that ran out. A
// command with one form that has no name takes its arguments directly.
int run_client_command(const ClientCommand& command, std::span<const std::string> arguments,
                       const config::Environment& environment, std::ostream& out, std::ostream& err);

std::string client_command_help(const ClientCommand& command);

}  // namespace cli
