#include "config/nearest.h"
#include "config/read_environment.h"
#include "server/build_info.h"
#include "server/cli/commands.h"
#include "server/hidden_arguments.h"
#include "server/serve_command.h"

#include <algorithm>
#include <initializer_list>
#include <iostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <unistd.h>

namespace {

using Arguments = std::vector<std::string>;

// Of all commands; serve is the only one that is not in the table, since it is the server.
std::string usage() {
    std::string text =
        "usage: murano-emulator COMMAND [options]\n"
        "\n"
        "A local stand-in for Exosite Murano's MQTT endpoint.\n"
        "\n"
        "  serve        runs the server\n";
    for (const auto& command : cli::commands()) {
        std::string name(command.name);
        name.resize(13, ' ');
        text.append("  ").append(name).append(command.summary).append("\n");
    }
    return text +
           "\n"
           "  --help, -h, help [COMMAND]   this text; murano-emulator COMMAND --help for a command's\n"
           "  --version, -V, version       version and commit\n";
}

int unknown_command(const std::string& command) {
    std::vector<std::string_view> names{"serve", "help", "version"};
    for (const auto& known : cli::commands()) names.push_back(known.name);
    std::cerr << "murano-emulator: unknown command \"" << command << "\"";
    if (const auto near = config::nearest(command, names)) std::cerr << "; did you mean \"" << *near << "\"?";
    std::cerr << "\n" << usage();
    return 2;
}

// A server listens and writes keys into the current folder: only who asks for it gets one.
int no_command(const std::string& flag) {
    std::cerr << "murano-emulator: a command must precede " << flag << "; did you mean \"murano-emulator serve " << flag
              << "\"?\nSee murano-emulator --help.\n";
    return 2;
}

int version() {
    std::cout << "murano-emulator " << build_version() << " (" << build_commit() << ")\n";
    return 0;
}

int run_command(const std::string& command, const Arguments& rest, const config::Environment& environment) {
    if (command == "serve") return app::serve_command(rest, environment);
    for (const auto& known : cli::commands()) {
        if (command == known.name) return known.run(rest, environment, std::cout, std::cerr);
    }
    return unknown_command(command);
}

bool is_one_of(const std::string& word, std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

int run(const Arguments& arguments, const config::Environment& environment) {
    if (arguments.empty()) {
        std::cout << usage();
        return 2;
    }
    const std::string& command = arguments.front();
    Arguments rest(arguments.begin() + 1, arguments.end());
    const bool asks_for_help = is_one_of(command, {"--help", "-h", "help"});
    if (asks_for_help && (rest.empty() || rest.front().starts_with("-"))) {
        std::cout << usage();
        return 0;
    }
    if (asks_for_help) {
        const std::string asked = rest.front();
        if (is_one_of(asked, {"help", "version"})) return run({"--help"}, environment);
        rest.front() = "--help";
        return run_command(asked, rest, environment);
    }
    if (is_one_of(command, {"--version", "-V", "version"})) return version();
    if (command.starts_with("-")) return no_command(command.substr(0, command.find('=')));
    return run_command(command, rest, environment);
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const std::span given(argv + 1, argv + argc);
        const Arguments arguments(given.begin(), given.end());
        app::hide_secret_arguments(given);
        return run(arguments, config::environment_of(environ));
    } catch (const std::exception& error) {
        std::cerr << "murano-emulator: " << error.what() << "\n";
        return 1;
    }
}
