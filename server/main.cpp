#include "config/nearest.h"
#include "config/read_environment.h"
#include "server/build_info.h"
#include "server/cli/cert_command.h"
#include "server/cli/config_command.h"
#include "server/cli/health_command.h"
#include "server/serve_command.h"

#include <array>
#include <iostream>
#include <string>
#include <vector>

#include <unistd.h>

namespace {

constexpr auto usage =
    "usage: murano-emulator [command] [options]\n"
    "\n"
    "A local stand-in for Exosite Murano's MQTT endpoint.\n"
    "\n"
    "  serve      runs the server (also without a command)\n"
    "  config     check FILE, print, schema, reference\n"
    "  cert       ca, device: certificates for devices\n"
    "  health     is the server ready?\n"
    "\n"
    "  --help, -h   this text; murano-emulator COMMAND --help for a command's\n"
    "  --version    version and commit\n";

constexpr std::array commands{"serve", "config", "cert", "health"};

int unknown_command(const std::string& command) {
    std::cerr << "murano-emulator: unknown command \"" << command << "\"";
    if (const auto near = config::nearest(command, commands)) std::cerr << "; did you mean \"" << *near << "\"?";
    std::cerr << "\n" << usage;
    return 2;
}

int run(const std::vector<std::string>& arguments, const config::Environment& environment) {
    // Without a command, or with flags only: serve.
    const bool named = !arguments.empty() && !arguments.front().starts_with("-");
    const std::string command = named ? arguments.front() : "serve";
    if (!named && !arguments.empty() && (arguments.front() == "--help" || arguments.front() == "-h")) {
        std::cout << usage;
        return 0;
    }
    if (!named && !arguments.empty() && arguments.front() == "--version") {
        std::cout << "murano-emulator " << build_version() << " (" << build_commit() << ")\n";
        return 0;
    }
    const std::vector<std::string> rest(arguments.begin() + (named ? 1 : 0), arguments.end());
    if (command == "serve") return app::serve_command(rest, environment);
    if (command == "config") return cli::config_command(rest, environment, std::cout, std::cerr);
    if (command == "cert") return cli::cert_command(rest, environment, std::cout, std::cerr);
    if (command == "health") return cli::health_command(rest, environment, std::cout, std::cerr);
    return unknown_command(command);
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run({argv + 1, argv + argc}, config::environment_of(environ));
    } catch (const std::exception& error) {
        std::cerr << "murano-emulator: " << error.what() << "\n";
        return 1;
    }
}
