#include "server/cli/exec_command.h"

#include "server/cli/device_process.h"
#include "server/cli/own_server.h"
#include "server/cli/part_file.h"
#include "server/cli/report_command.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <ostream>

#include <unistd.h>

namespace cli {
namespace {

constexpr std::array known{
    OptionSpec{"--identity", "ID", "the device's (default: device)"},
    OptionSpec{"--connector", "C", "the device's (default: the server's default one, local)"},
    OptionSpec{"--config", "FILE", "settings file of the server: connectors, resources, faults"},
    OptionSpec{"--junit", "FILE", "write the report for a build server, too"},
    fail_on_option,
    OptionSpec{"--log", "FILE", "keep the server's log"},
    OptionSpec{"--help", "", "this text"},
};

constexpr std::string_view usage =
    "usage: murano-emulator exec [options] -- COMMAND [ARGUMENT…]\n"
    "\n"
    "Starts a server on free ports with a temporary data folder, gives the device a token, runs COMMAND,\n"
    "prints what the device did wrong, and stops. The exit code is the command's, or 1 for --fail-on.\n"
    "\n"
    "Example: murano-emulator exec --junit report.xml --fail-on violation -- pytest -q\n"
    "\n";

constexpr std::string_view notes =
    "\n"
    "COMMAND finds in its environment:\n"
    "  MURANO_HOST          name to connect to, and to say in the TLS handshake (SNI)\n"
    "  MURANO_ADDRESS       where that is, for devices that take both\n"
    "  MURANO_PORT          port of the server for devices\n"
    "  MURANO_CA            file with the authority to trust\n"
    "  MURANO_CONNECTOR, MURANO_IDENTITY, MURANO_TOKEN\n"
    "                       the device; it logs in with an empty user name and the token as password\n"
    "  MURANO_API           URL of the control API\n"
    "  MURANO_EMULATOR, MURANO_EMULATOR_READY_FILE\n"
    "                       this program, and how its other commands and the test helpers find the server\n";

struct Order {
    Variables given;
    std::vector<std::string> command;
    FailOn fail_on = FailOn::nothing;

    std::string value(std::string_view name, const std::string& usual = {}) const {
        const auto found = given.find(name);
        return found == given.end() ? usual : found->second;
    }
};

// What stands behind "--" is the command's own.
Order read_order(std::span<const std::string> arguments) {
    const auto end = std::find(arguments.begin(), arguments.end(), "--");
    const auto ours = arguments.first(static_cast<std::size_t>(end - arguments.begin()));
    auto given = read_options(ours, known);
    if (given.values.contains("--help")) return {std::move(given.values), {}};
    if (!given.error.empty()) throw UsageError(given.error);
    if (!given.rest.empty()) throw UsageError("\"--\" is missing before the command: exec -- " + given.rest.front());
    if (arguments.end() - end < 2) throw UsageError("the command is missing: exec [options] -- COMMAND");
    Order order{std::move(given.values), {end + 1, arguments.end()}};
    order.fail_on = read_fail_on(order.value("--fail-on"));
    return order;
}

OwnServer::Options server_options(const Order& order) {
    OwnServer::Options options{{}, order.value("--log")};
    if (order.given.contains("--config")) options.flags = {"--config", order.value("--config")};
    return options;
}

ApiClient client_of(const OwnServer& server) {
    ClientOptions options;
    options.url = server.place().api;
    return ApiClient(options);
}

Variables variables_for(const Order& order, const OwnServer& server) {
    auto api = client_of(server);
    const auto usual = default_connector(api);
    const auto connector = order.value("--connector", usual);
    const auto device = provisioned_device(api, connector, order.value("--identity", "device"));
    auto variables = device_variables(server.place(), device, device_host(server.place(), connector, usual));
    variables.emplace("MURANO_EMULATOR", own_binary());
    variables.emplace("MURANO_EMULATOR_READY_FILE", server.ready_file());
    return variables;
}

// What would end us ends the command instead; then we report.
sigset_t block_signals() {
    sigset_t signals;
    ::sigemptyset(&signals);
    for (const int each : {SIGINT, SIGTERM, SIGHUP, SIGCHLD}) ::sigaddset(&signals, each);
    ::sigprocmask(SIG_BLOCK, &signals, nullptr);
    return signals;
}

int run_to_its_end(const ChildProcess& command, const sigset_t& signals) {
    for (;;) {
        if (const auto code = command.exit_code()) return *code;
        const int number = ::sigwaitinfo(&signals, nullptr);
        if (number > 0 && number != SIGCHLD) command.signal(number);
    }
}

// On a terminal the command stays in the foreground with us, to read from it.
ChildOptions child_options(const Order& order, Variables variables) {
    return {order.command, std::move(variables), ::isatty(STDIN_FILENO) == 0};
}

int report_on(const Order& order, const OwnServer& server, std::ostream& out) {
    if (!server.running()) throw CommandFailed("the server ended before the command did:\n" + server.last_words());
    const auto found = client_of(server).get_json("/_emulator/v1/report?format=json");
    print_report(out, {}, found);
    if (order.given.contains("--junit")) {
        PartFile file(order.value("--junit"), PartFile::Access::usual);
        print_report(file.stream(), {report::Format::junit, {}, order.fail_on == FailOn::warning}, found);
        file.keep();
    }
    return is_failure(report::read_counts(found), order.fail_on) ? 1 : 0;
}

int run(const Order& order, std::ostream& out, std::ostream& err) {
    const auto signals = block_signals();
    const OwnServer server(server_options(order));
    const ChildProcess command(child_options(order, variables_for(order, server)));
    const int code = run_to_its_end(command, signals);
    if (code != 0) err << "murano-emulator exec: the command ended with exit code " << code << "\n";
    const int findings = report_on(order, server, out);
    return code != 0 ? code : findings;
}

}  // namespace

int exec_command(std::span<const std::string> arguments, const config::Environment&, std::ostream& out,
                 std::ostream& err) {
    const auto ended = [&err](int code, const std::exception& error) {
        err << "murano-emulator exec: " << error.what() << "\n";
        return code;
    };
    try {
        const auto order = read_order(arguments);
        if (!order.given.contains("--help")) return run(order, out, err);
        out << usage << options_help(known) << notes;
        return 0;
    } catch (const UsageError& error) {
        const int code = ended(2, error);
        err << "See murano-emulator exec --help.\n";
        return code;
    } catch (const StartFailed& error) {
        return ended(error.exit_code(), error);
    } catch (const std::exception& error) {
        return ended(1, error);
    }
}

std::span<const OptionSpec> exec_options() {
    return known;
}

}  // namespace cli
