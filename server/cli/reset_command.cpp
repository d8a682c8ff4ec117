#include "server/cli/reset_command.h"

#include "server/cli/places.h"

#include <array>
#include <ostream>

namespace cli {

using config::JsonNode;

namespace {

constexpr std::array options{
    OptionSpec{"--connector", "C", "only this connector (default: everything)"},
    OptionSpec{"--identity", "I", "only this device of it"},
};

void reset(const Run& run, std::span<const std::string>) {
    const auto connector = run.options.value("--connector");
    const auto identity = run.options.value("--identity");
    if (connector.empty() && !identity.empty()) throw UsageError("--identity needs its --connector");
    check_connector(run.api);
    std::string target = "/_emulator/v1/reset";
    if (!connector.empty()) target += "?connector=" + percent_encode(connector);
    if (!identity.empty()) target += "&identity=" + percent_encode(identity);
    run.api.send("POST", target);
    if (run.options.json) {
        run.out << config::to_json_text(
                       JsonNode::object({{"connector", JsonNode::of(connector)}, {"identity", JsonNode::of(identity)}}))
                << "\n";
        return;
    }
    run.out << "reset " << (connector.empty() ? "everything" : connector + (identity.empty() ? "" : " " + identity))
            << "\n";
}

constexpr std::array forms{
    Form{"", "", 0, 0, "Restores the state of the settings file; closes the connections of devices.", reset},
};

constexpr ClientCommand command{
    "reset", forms, options,
    "Deletes identities, values, sessions, content, settings and clocks; hides earlier events. Other connectors\n"
    "keep theirs. Without --connector it resets everything, the global clock included.\n"};

}  // namespace

const ClientCommand& reset_command() {
    return command;
}

}  // namespace cli
