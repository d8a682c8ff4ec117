#include "server/cli/commands.h"

#include "server/cli/cert_command.h"
#include "server/cli/client_command.h"
#include "server/cli/clock_command.h"
#include "server/cli/completion_command.h"
#include "server/cli/config_command.h"
#include "server/cli/connections_command.h"
#include "server/cli/content_command.h"
#include "server/cli/device_commands.h"
#include "server/cli/doctor_command.h"
#include "server/cli/events_command.h"
#include "server/cli/exec_command.h"
#include "server/cli/fault_command.h"
#include "server/cli/health_command.h"
#include "server/cli/identity_command.h"
#include "server/cli/report_command.h"
#include "server/cli/reset_command.h"
#include "server/cli/simulate_command.h"
#include "server/cli/snapshot_command.h"
#include "server/cli/state_command.h"
#include "server/cli/verify_command.h"
#include "server/cli/wait_command.h"

namespace cli {
namespace {

using Arguments = std::span<const std::string>;

std::vector<std::string> plain_names_of(std::span<const OptionSpec> own) {
    std::vector<std::string> names;
    for (const auto& option : own) names.emplace_back(option.name);
    return names;
}

std::vector<std::string> names_of(std::span<const OptionSpec> own) {
    auto names = plain_names_of(own);
    for (const auto& option : common_options()) names.emplace_back(option.name);
    return names;
}

// A command that talks to a server.
template <const ClientCommand& (*described)()>
Command client(std::string_view summary) {
    const auto& command = described();
    std::vector<std::string> words;
    for (const auto& form : command.forms) {
        if (!form.name.empty()) words.emplace_back(form.name);
    }
    return {command.name, summary, std::move(words), names_of(command.options),
            [](Arguments arguments, const config::Environment& environment, std::ostream& out, std::ostream& err) {
                return run_client_command(described(), arguments, environment, out, err);
            }};
}

std::vector<Command> make_commands() {
    return {
        client<identity_command>("the devices: list, show, add, rm, lock, unlock, revoke, secret"),
        client<state_command>("a device's values: get, set"),
        client<history_command>("what a device has reported, by timestamp"),
        client<publish_command>("a message from the cloud's side to a device"),
        client<content_command>("content items: ls, put, get, rm"),
        client<events_command>("what happened, and what happens (--follow)"),
        client<wait_command>("waits until something happens: data_in, connect, finding, …"),
        client<report_command>("the findings, as text, JSON, JUnit or Markdown"),
        client<connector_command>("the connectors: list"),
        client<connections_command>("the live connections of devices"),
        client<sessions_command>("the sessions that are kept, with their subscriptions"),
        client<clock_command>("time: show, set, advance, freeze, unfreeze, reset"),
        client<fault_command>("breaks something on purpose: add, ls, rm, clear, kinds"),
        {"verify", "judges a device's firmware: does it fit Murano?", {}, names_of(verify_options()), verify_command},
        {"simulate",
         "simulated devices, one or thousands, well-behaved or with a flaw",
         {},
         names_of(simulate_options()),
         simulate_command},
        client<reset_command>("restores the state of the settings file"),
        client<snapshot_command>("copies of everything: save, load, ls, rm, export, import"),
        {"exec",
         "runs a command with a server and a device of its own, and reports",
         {},
         plain_names_of(exec_options()),
         exec_command},
        {"doctor", "why a device does not get through", {}, names_of(doctor_options()), doctor_command},
        {"health", "is the server ready? --wait TIME waits for it", {}, names_of(health_options()), health_command},
        {"config",
         "check FILE, print, schema, reference",
         {"check", "print", "schema", "reference", "settings", "suite"},
         {"--json", "--help"},
         config_command},
        {"cert",
         "ca, device: certificates for devices",
         {"ca", "device"},
         {"--identity", "--out", "--data-dir", "--ca-cert", "--ca-key", "--help"},
         cert_command},
        {"completion", "bash, zsh, fish: a completion script", {"bash", "zsh", "fish"}, {"--help"}, completion_command},
    };
}

}  // namespace

const std::vector<Command>& commands() {
    static const auto all = make_commands();
    return all;
}

}  // namespace cli
