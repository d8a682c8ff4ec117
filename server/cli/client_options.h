#pragma once
// Which server a command talks to (--url, else MURANO_EMULATOR_URL, else the ready file, else the default address), and
// the options of its own that a command has.

#include "config/read_environment.h"

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cli {

struct OptionSpec {
    std::string_view name;   // "--limit"
    std::string_view value;  // what its value is called in the help; empty: a switch
    std::string_view help;
};

struct ClientOptions {
    std::string url = "http://127.0.0.1:8080";
    std::string api_token;
    bool json = false;
    bool help = false;
    std::map<std::string, std::string, std::less<>> own;  // the command's own options that were given
    std::vector<std::string> rest;                        // what is no option; all behind "--"
    std::string error;                                    // empty: understood
    std::string unready;                                  // empty, or that the ready file names no server (yet)

    bool has(std::string_view name) const { return own.contains(name); }
    std::string value(std::string_view name) const;  // empty: not given
};

inline constexpr OptionSpec connector_option{"--connector", "C", "the connector (default: the server's default one)"};

// An option takes its value as `--name VALUE` or `--name=VALUE`; the last of several counts.
ClientOptions read_client_options(std::span<const std::string> arguments, const config::Environment& environment,
                                  std::span<const OptionSpec> own = {});

// One line for each option, the command's own first.
std::string client_options_help(std::span<const OptionSpec> own = {});

// --url and the others that every command has.
std::span<const OptionSpec> common_options();

}  // namespace cli
