#pragma once
// Which server a command talks to (--url, else MURANO_EMULATOR_URL, else the ready file, else the default address), and
// the command's own options.

#include "config/read_environment.h"

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cli {

struct OptionSpec {
    std::string_view name;   // "--limit"
    std::string_view value;  // name of its value in the help; empty: a switch
    std::string_view help;
};

// The arguments after a command's name.
struct GivenOptions {
    std::map<std::string, std::string, std::less<>> values;  // "--limit" to its value; empty for a switch
    std::vector<std::pair<std::string, std::string>> each;   // all options with a value, in order, each time
    std::vector<std::string> rest;                           // not options; everything after "--"
    std::string error;                                       // empty: valid
};

// An option takes its value as `--name VALUE` or `--name=VALUE`; if repeated, the last is in `values`.
GivenOptions read_options(std::span<const std::string> arguments, std::span<const OptionSpec> known);

// One line for each option; a help text beyond column 100 continues on the next line.
std::string options_help(std::span<const OptionSpec> known);

struct ClientOptions {
    std::string url = "http://127.0.0.1:8080";
    std::string api_token;
    bool json = false;
    bool help = false;
    std::map<std::string, std::string, std::less<>> own;     // the command's own options that were given
    std::vector<std::pair<std::string, std::string>> given;  // all options with a value, in order, each time
    bool url_named = false;                                  // --url, a ready file or a variable names the server
    std::vector<std::string> rest;                           // not options; everything after "--"
    std::string error;                                       // empty: valid
    std::string unready;                                     // empty, or that the ready file names no server (yet)

    bool has(std::string_view name) const { return own.contains(name); }
    std::string value(std::string_view name) const;                // empty: not given
    std::vector<std::string> values(std::string_view name) const;  // of a repeated option, in order
};

inline constexpr OptionSpec connector_option{"--connector", "C", "only this connector (default: all)"};

// The command's own options and the common ones.
ClientOptions read_client_options(std::span<const std::string> arguments, const config::Environment& environment,
                                  std::span<const OptionSpec> own = {});

// One line for each option, the command's own first.
std::string client_options_help(std::span<const OptionSpec> own = {});

// --url and the other options of every command.
std::span<const OptionSpec> common_options();

}  // namespace cli
