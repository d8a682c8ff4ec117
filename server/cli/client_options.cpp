#include "server/cli/client_options.h"

#include "config/nearest.h"
#include "server/cli/help_text.h"
#include "server/cli/http_client.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>

#include <rapidjson/document.h>

namespace cli {
namespace {

constexpr std::array common{
    OptionSpec{"--url", "URL",
               "control API of the server (default: MURANO_EMULATOR_URL, else the ready file's, else "
               "http://127.0.0.1:8080)"},
    OptionSpec{"--ready-file", "FILE",
               "the file that the server was started with (default: MURANO_EMULATOR_READY_FILE)"},
    OptionSpec{"--api-token", "TOKEN", "the server's --api-token (default: MURANO_EMULATOR_API_TOKEN)"},
    OptionSpec{"--json", "", "print JSON"},
    OptionSpec{"--help", "", "print this text"},
};

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

std::vector<OptionSpec> all_of(std::span<const OptionSpec> own) {
    std::vector<OptionSpec> all(own.begin(), own.end());
    all.insert(all.end(), common.begin(), common.end());
    return all;
}

std::string unknown_option(std::string_view name, std::span<const OptionSpec> all) {
    std::vector<std::string_view> names;
    names.reserve(all.size());
    for (const auto& option : all) names.push_back(option.name);
    auto text = "unknown option " + std::string(name);
    if (const auto near = config::nearest(name, names)) text += "; did you mean " + *near + "?";
    return text;
}

// The two that are typed so often that every tool has a letter for them.
std::string long_name(const std::string& name) {
    if (name == "-h") return "--help";
    return name == "-f" ? "--follow" : name;
}

// Takes the option at `index` and moves `index` to its value, if that is an argument of its own. Gives what is wrong.
std::string take(std::span<const std::string> arguments, std::size_t& index, std::span<const OptionSpec> all,
                 GivenOptions& given) {
    auto& found = given.values;
    const auto& argument = arguments[index];
    const auto equals = argument.find('=');
    const auto name = long_name(argument.substr(0, equals));
    const auto option = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.name == name; });
    if (option == all.end()) return unknown_option(argument.substr(0, equals), all);
    if (option->value.empty()) {
        if (equals != std::string::npos) return name + " takes no value";
        found[name] = "";
        return {};
    }
    if (equals == std::string::npos && index + 1 == arguments.size()) return name + " needs a value";
    found[name] = equals == std::string::npos ? arguments[++index] : argument.substr(equals + 1);
    given.each.emplace_back(name, found[name]);
    return {};
}

// Moves an option that all commands have out of `found`; else the variable's value.
std::string common_value(std::map<std::string, std::string, std::less<>>& found, std::string_view name,
                         const config::Environment& environment, std::string_view variable) {
    if (const auto given = found.find(name); given != found.end()) {
        auto value = given->second;
        found.erase(given);
        return value;
    }
    const auto set = environment.find(variable);
    return set == environment.end() ? std::string() : set->second;
}

}  // namespace

std::string ClientOptions::value(std::string_view name) const {
    const auto found = own.find(name);
    return found == own.end() ? std::string() : found->second;
}

std::vector<std::string> ClientOptions::values(std::string_view name) const {
    std::vector<std::string> all;
    for (const auto& [option, value] : given) {
        if (option == name) all.push_back(value);
    }
    return all;
}

GivenOptions read_options(std::span<const std::string> arguments, std::span<const OptionSpec> known) {
    GivenOptions given;
    bool options_ended = false;
    for (std::size_t index = 0; index < arguments.size(); ++index) {
        const auto& argument = arguments[index];
        // No option begins with a digit: "-1h" is a duration.
        const bool is_negative = argument.size() > 1 && argument[1] >= '0' && argument[1] <= '9';
        const bool is_option = !options_ended && argument.size() > 1 && argument.starts_with("-") && !is_negative;
        if (!is_option) {
            given.rest.push_back(argument);
        } else if (argument == "--") {
            options_ended = true;
        } else if (auto error = take(arguments, index, known, given); given.error.empty()) {
            given.error = std::move(error);
        }
    }
    return given;
}

ClientOptions read_client_options(std::span<const std::string> arguments, const config::Environment& environment,
                                  std::span<const OptionSpec> own) {
    ClientOptions options;
    auto given = read_options(arguments, all_of(own));
    options.own = std::move(given.values);
    options.given = std::move(given.each);
    options.rest = std::move(given.rest);
    options.error = std::move(given.error);
    auto& found = options.own;
    const bool url_is_given = found.contains("--url");
    const bool file_is_given = found.contains("--ready-file");
    auto url = common_value(found, "--url", environment, "MURANO_EMULATOR_URL");
    const auto ready_file = common_value(found, "--ready-file", environment, "MURANO_EMULATOR_READY_FILE");
    // What was typed is nearer than what the environment says.
    const bool from_file = !url_is_given && (url.empty() || file_is_given) && !ready_file.empty();
    if (from_file) {
        url = url_of_ready_file(ready_file);
        if (url.empty()) options.unready = "no server is ready: the ready file " + ready_file + " names none";
    }
    options.url_named = url_is_given || !url.empty() || from_file;
    if (url_is_given || !url.empty()) options.url = url;
    // A ready file holds the server's own word.
    const auto mistake = from_file ? std::string() : url_mistake(options.url);
    if (!mistake.empty() && options.error.empty()) {
        options.error = std::string(url_is_given ? "--url" : "MURANO_EMULATOR_URL") + ": " + mistake;
    }
    options.api_token = common_value(found, "--api-token", environment, "MURANO_EMULATOR_API_TOKEN");
    options.json = found.erase("--json") > 0;
    options.help = found.erase("--help") > 0;
    return options;
}

std::string options_help(std::span<const OptionSpec> known) {
    constexpr std::size_t column = 22;
    std::string text;
    for (const auto& option : known) {
        std::string line = "  " + std::string(option.name);
        if (!option.value.empty()) line.append(" ").append(option.value);
        line.append(line.size() < column ? column - line.size() : 1, ' ');
        text += wrapped(line, option.help, column);
    }
    return text;
}

std::string client_options_help(std::span<const OptionSpec> own) {
    return options_help(all_of(own));
}

std::span<const OptionSpec> common_options() {
    return common;
}

}  // namespace cli
