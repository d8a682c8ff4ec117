#pragma once
// Which server a command talks to (--url, else MURANO_EMULATOR_URL, else the ready file, else the default address), and
// the options of its own that a command has.

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
    std::string_view value;  // what its value is called in the help; empty: a switch
    std::string_view help;
};

// What was typed behind a command's name.
struct GivenOptions {
    std::map<std::string, std::string, std::less<>> values;  // "--limit" to its value; empty for a switch
    std::vector<std::pair<std::string, std::string>> each;   // all options with a value, in order, each time
    std::vector<std::string> rest;                           // what is no option; all behind "--"
    std::string error;                                       // empty: understood
};

// An option takes its value as `--name VALUE` or `--name=VALUE`; of several the last is in `values`.
GivenOptions read_options(std::span<const std::string> arguments, std::span<const OptionSpec> known);

// One line for each option; a help that would pass column 100 goes on in the next line.
std::string options_help(std::span<const OptionSpec> known);

struct ClientOptions {
    std::string url = "http://127.0.0.1:8080";
    std::string api_token;
    bool json = false;
    bool help = false;
    std::map<std::string, std::string, std::less<>> own;     // the command's own options that were given
    std::vector<std::pair<std::string, std::string>> given;  // all options with a value, in order, each time
    bool url_named = false;                                  // --url, a ready file or a variable says which server
    std::vector<std::string> rest;                           // what is no option; all behind "--"
    std::string error;                                       // empty: understood
    std::string unready;                                     // empty, or that the ready file names no server (yet)

    bool has(std::string_view name) const { return own.contains(name); }
    std::string value(std::string_view name) const;                // empty: not given
    std::vector<std::string> values(std::string_view name) const;  // of an option that repeats, in order
};

inline constexpr OptionSpec connector_option{"--connector", "C", "only this connector (default: all)"};

// The command's own options and those that every command has.
ClientOptions read_client_options(std::span<const std::string> arguments, const config::Environment& environment,
                                  std::span<const OptionSpec> own = {});

// One line for each option, the command's own first.
std::string client_options_help(std::span<const OptionSpec> own = {});

// --url and the others that every command has.
std::span<const OptionSpec> common_options();

}  // namespace cli
