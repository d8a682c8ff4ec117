#include "config/nearest.h"
#include "config/read_environment.h"
#include "server/build_info.h"
#include "server/cli/commands.h"
#include "server/hidden_arguments.h"
#include "server/serve_command.h"

#include <iostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <unistd.h>

namespace {

// Of all commands; serve is the only one that is not in the table, since it is the server.
std::string usage() {
    std::string text =
        "usage: murano-emulator [command] [options]\n"
        "\n"
        "A local stand-in for Exosite Murano's MQTT endpoint.\n"
        "\n"
        "  serve        runs the server (also without a command)\n";
    for (const auto& command : cli::commands()) {
        std::string name(command.name);
        name.resize(13, ' ');
        text.append("  ").append(name).append(command.summary).append("\n");
    }
    return text +
           "\n"
           "  --help, -h   this text; murano-emulator COMMAND --help for a command's\n"
           "  --version    version and commit\n";
}

int unknown_command(const std::string& command) {
    std::vector<std::string_view> names{"serve"};
    for (const auto& known : cli::commands()) names.push_back(known.name);
    std::cerr << "murano-emulator: unknown command \"" << command << "\"";
    if (const auto near = config::nearest(command, names)) std::cerr << "; did you mean \"" << *near << "\"?";
    std::cerr << "\n" << usage();
    return 2;
}

int run(const std::vector<std::string>& arguments, const config::Environment& environment) {
    // Without a command, or with flags only: serve.
    const bool named = !arguments.empty() && !arguments.front().starts_with("-");
    const std::string command = named ? arguments.front() : "serve";
    if (!named && !arguments.empty() && (arguments.front() == "--help" || arguments.front() == "-h")) {
        std::cout << usage();
        return 0;
    }
    if (!named && !arguments.empty() && arguments.front() == "--version") {
        std::cout << "murano-emulator " << build_version() << " (" << build_commit() << ")\n";
        return 0;
    }
    const std::vector<std::string> rest(arguments.begin() + (named ? 1 : 0), arguments.end());
    if (command == "serve") return app::serve_command(rest, environment);
    for (const auto& known : cli::commands()) {
        if (command == known.name) return known.run(rest, environment, std::cout, std::cerr);
    }
    return unknown_command(command);
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const std::span given(argv + 1, argv + argc);
        const std::vector<std::string> arguments(given.begin(), given.end());
        app::hide_secret_arguments(given);
        return run(arguments, config::environment_of(environ));
    } catch (const std::exception& error) {
        std::cerr << "murano-emulator: " << error.what() << "\n";
        return 1;
    }
}
