#include "server/cli/health_command.h"

#include "server/cli/client_options.h"
#include "server/cli/http_client.h"

#include <ostream>
#include <stdexcept>

namespace cli {
namespace {

constexpr std::chrono::milliseconds within{3'000};

}  // namespace

int health_command(std::span<const std::string> arguments, const config::Environment& environment, std::ostream& out,
                   std::ostream& err) {
    const auto options = read_client_options(arguments, environment);
    if (options.help) {
        out << "usage: murano-emulator health [options]\n\nExit code 0 when the server is ready, 3 when it is not or "
               "cannot be reached.\n\n"
            << client_options_help();
        return 0;
    }
    if (!options.error.empty() || !options.rest.empty()) {
        err << "murano-emulator health: "
            << (options.error.empty() ? "unexpected argument " + options.rest.front() : options.error)
            << "\nSee murano-emulator health --help.\n";
        return 2;
    }
    try {
        if (!options.unready.empty()) throw std::runtime_error(options.unready);
        const auto answer = http_call({options.url, options.api_token}, {"GET", "/_emulator/v1/health"}, within);
        if (options.json) {
            out << answer.body << "\n";
        } else {
            out << (answer.status == 200 ? "ready" : "not ready") << " (" << options.url << ")\n";
        }
        return answer.status == 200 ? 0 : 3;
    } catch (const std::runtime_error& error) {
        err << "murano-emulator health: " << error.what() << "\n";
        return 3;
    }
}

}  // namespace cli
