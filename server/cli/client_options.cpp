#include "server/cli/client_options.h"

#include "config/nearest.h"

#include <array>
#include <fstream>
#include <sstream>

#include <rapidjson/document.h>

namespace cli {
namespace {

// The "api" of a server's ready file; empty where there is none (yet).
std::string url_of_ready_file(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    rapidjson::Document document;
    document.Parse(text.str());
    const bool usable = document.IsObject() && document.HasMember("api") && document["api"].IsString();
    return usable ? document["api"].GetString() : std::string();
}

struct Found {
    std::string url, ready_file;
};

// The value of `--name VALUE` or `--name=VALUE`, moving `index` past it.
bool take_value(std::span<const std::string> arguments, std::size_t& index, std::string_view name, std::string& into) {
    const auto& argument = arguments[index];
    if (argument == name && index + 1 < arguments.size()) {
        into = arguments[++index];
        return true;
    }
    if (!argument.starts_with(std::string(name) + "=")) return false;
    into = argument.substr(name.size() + 1);
    return true;
}

std::string unknown_option(const std::string& argument) {
    static constexpr std::array known{"--url", "--ready-file", "--api-token", "--json", "--help"};
    auto text = "unknown option " + argument;
    if (const auto near = config::nearest(argument, known)) text += "; did you mean " + *near + "?";
    return text;
}

std::string variable(const config::Environment& environment, std::string_view name) {
    const auto found = environment.find(name);
    return found == environment.end() ? std::string() : found->second;
}

}  // namespace

ClientOptions read_client_options(std::span<const std::string> arguments, const config::Environment& environment) {
    ClientOptions options;
    Found found{variable(environment, "MURANO_EMULATOR_URL"), variable(environment, "MURANO_EMULATOR_READY_FILE")};
    options.api_token = variable(environment, "MURANO_EMULATOR_API_TOKEN");
    for (std::size_t index = 0; index < arguments.size(); ++index) {
        const auto& argument = arguments[index];
        if (argument == "--json") {
            options.json = true;
        } else if (argument == "--help" || argument == "-h") {
            options.help = true;
        } else if (take_value(arguments, index, "--url", found.url) ||
                   take_value(arguments, index, "--ready-file", found.ready_file) ||
                   take_value(arguments, index, "--api-token", options.api_token)) {
            continue;
        } else if (argument.starts_with("-")) {
            options.error = unknown_option(argument);
        } else {
            options.rest.push_back(argument);
        }
    }
    if (found.url.empty() && !found.ready_file.empty()) found.url = url_of_ready_file(found.ready_file);
    if (!found.url.empty()) options.url = found.url;
    return options;
}

std::string client_options_help() {
    return "  --url URL           control API of the server (default: MURANO_EMULATOR_URL, else the ready file's,\n"
           "                      else http://127.0.0.1:8080)\n"
           "  --ready-file FILE   where the server says its ports (default: MURANO_EMULATOR_READY_FILE)\n"
           "  --api-token TOKEN   of a server started with one (default: MURANO_EMULATOR_API_TOKEN)\n";
}

}  // namespace cli
