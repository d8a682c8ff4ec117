#include "server/cli/device_commands.h"

#include "server/cli/places.h"
#include "server/cli/text_table.h"

#include <array>
#include <ostream>

namespace cli {

using config::JsonNode;

namespace {

using Arguments = std::span<const std::string>;

constexpr OptionSpec of_the_device{"--connector", "C", "the connector (default: the one that has the device)"};
constexpr std::size_t widest_value = 80;

void publish(const Run& run, Arguments arguments) {
    const auto& identity = arguments[0];
    const auto connector = connector_of_identity(run.api, identity);
    const JsonNode body =
        JsonNode::object({{"topic", JsonNode::of(arguments[1])}, {"payload", JsonNode::of(arguments[2])}});
    run.api.send("POST", emulator_identity_path(connector, identity, "/publish"), body);
    if (run.options.json) {
        run.out << config::to_json_text(JsonNode::object({{"published", JsonNode::of(arguments[1])}})) << "\n";
    } else {
        run.out << "published to " << printable(arguments[1]) << " of " << printable(identity)
                << of_connector(run.api, connector) << "\n";
    }
}

constexpr std::array history_options{
    of_the_device,
    OptionSpec{"--alias", "ALIAS", "only this resource"},
    OptionSpec{"--from", "TIME", "microseconds since 1970, inclusive"},
    OptionSpec{"--to", "TIME", "microseconds since 1970, inclusive"},
    OptionSpec{"--limit", "N", "at most this many, earliest first (default 1000)"},
};

void history(const Run& run, Arguments arguments) {
    std::string query;
    for (const std::string_view option : {"--alias", "--from", "--to", "--limit"}) {
        if (!run.options.has(option)) continue;
        query.append(query.empty() ? "?" : "&").append(option.substr(2)).append("=");
        query.append(percent_encode(run.options.value(option)));
    }
    const auto connector = connector_of_identity(run.api, arguments[0]);
    const auto body = run.api.get(emulator_identity_path(connector, arguments[0], "/history" + query));
    if (run.options.json) {
        run.out << body << "\n";
        return;
    }
    const auto answer = parse_answer(body);
    TextTable table({"TIMESTAMP", "ALIAS", "VALUE"});
    if (const auto* values = answer.find("values")) {
        for (const auto& value : values->items) {
            table.add({time_text(text_of(value, "timestamp")), text_of(value, "alias"),
                       shortened(text_of(value, "value"), widest_value)});
        }
    }
    table.print(run.out);
}

constexpr std::array publish_options{of_the_device};
constexpr std::array publish_names{ServerName{"topic", "TOPIC"}, ServerName{"payload", "PAYLOAD"}};
constexpr std::array publish_forms{
    Form{"", "ID TOPIC PAYLOAD", 3, 3,
         "Sends a message from the cloud's side to a topic that the device has subscribed to.", publish}};
constexpr ClientCommand publish_described{"publish", publish_forms, publish_options, {}, publish_names};

constexpr std::array history_forms{Form{
    "", "ID", 1, 1, "The values that the device reported, by timestamp, as far back as the journal goes.", history}};
constexpr ClientCommand history_described{"history", history_forms, history_options,
                                          "The table cuts long values; --json shows them in full.\n"};

}  // namespace

const ClientCommand& publish_command() {
    return publish_described;
}

const ClientCommand& history_command() {
    return history_described;
}

}  // namespace cli
