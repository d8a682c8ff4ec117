#include "server/cli/simulate_command.h"

#include "server/cli/errors.h"
#include "server/cli/help_text.h"
#include "server/cli/simulate_run.h"

#include <ostream>
#include <stdexcept>

namespace cli {
namespace {

constexpr std::string_view usage =
    "usage: murano-emulator simulate [options]\n"
    "\n"
    "Well-behaved devices on one event loop: TLS with SNI, provisioning, reports that are kept until they "
    "are acknowledged, settings that are applied and reported back, downloads of content, growing pauses with jitter "
    "after a failure. They stop at Ctrl-C, with a summary.\n";

constexpr std::string_view notes =
    "\n"
    "Without --device-host and --ca the control API supplies the devices' server, and the profile's resources that the "
    "connector lacks are added to it. With them, any MQTT 3.1.1 server over TLS will do; --plain leaves TLS out. As "
    "the "
    "program of verify --device-cmd it finds all that in MURANO_HOST and so on.\n"
    "\n"
    "A profile of your own: --print-profile tutorial >mine.json, change it, --profile mine.json.\n"
    "\n"
    "Exit code 0: ended as asked; 1: the server cannot be reached, or no device logged in within --for; 2: bad "
    "usage.\n";

std::string kinds_help() {
    std::string text = "\nKinds of --misbehave:\n";
    for (const auto& row : simulator::misbehaviours()) {
        std::string begin = "  " + std::string(row.name);
        begin.resize(std::max<std::size_t>(begin.size() + 1, 22), ' ');
        const std::string rule = row.rule.empty() ? std::string() : " (" + std::string(row.rule) + ")";
        text += wrapped(begin, std::string(row.help) + rule, 22);
    }
    return text;
}

int run(const ClientOptions& options, const config::Environment& environment, std::ostream& out, std::ostream& err) {
    if (!options.error.empty()) throw UsageError(options.error);
    const auto request = read_simulate_request(options, environment);
    if (!request.print_profile.empty()) {
        out << simulator::built_in_profile_text(request.print_profile);
        return 0;
    }
    return simulate_run(simulate_scene(options, request, err), request, options.json, out, err);
}

}  // namespace

int simulate_command(std::span<const std::string> arguments, const config::Environment& environment, std::ostream& out,
                     std::ostream& err) {
    const auto options = read_client_options(arguments, environment, simulate_options());
    if (options.help) {
        out << reflowed(usage) << "\n"
            << client_options_help(simulate_options()) << kinds_help() << reflowed(notes)
            << "\nExample: " << example_of("simulate") << "\n";
        return 0;
    }
    try {
        return run(options, environment, out, err);
    } catch (const UsageError& error) {
        err << "murano-emulator simulate: " << error.what() << "\nSee murano-emulator simulate --help.\n";
        return 2;
    } catch (const std::runtime_error& error) {
        err << "murano-emulator simulate: " << error.what() << "\n";
        return 1;
    }
}

}  // namespace cli
