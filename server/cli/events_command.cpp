#include "server/cli/events_command.h"

#include "config/nearest.h"
#include "server/cli/event_pages.h"
#include "server/cli/events_capture.h"
#include "server/cli/text_table.h"
#include "server/report/words.h"

#include <algorithm>
#include <array>
#include <ostream>
#include <vector>

namespace cli {

using config::JsonNode;

namespace {

using Arguments = std::span<const std::string>;

constexpr std::array options{
    connector_option,
    OptionSpec{"--follow", "", "or -f: continues with new events until interrupted"},
    OptionSpec{"--since", "CURSOR", "only newer than that event (default 0: everything kept)"},
    OptionSpec{"--identity", "ID", "of this device"},
    OptionSpec{"--type", "TYPE,…", "connect, disconnect, provisioned, data_in, data_out, publish, finding, …"},
    OptionSpec{"--topic", "FILTER", "messages on topics that this MQTT filter matches"},
    OptionSpec{"--alias", "ALIAS", "values of this resource"},
    OptionSpec{"--rule", "RULE", "findings of this rule or code, R28 or R40.comma_for_point"},
    OptionSpec{
        "--format", "FORMAT",
        "text (the default), json, or pcapng: the journalled packets for Wireshark, with --identity and --topic"},
    OptionSpec{"--output", "FILE", "writes to this file instead of standard output"},
};

constexpr std::size_t widest_payload = 160;
constexpr std::array<std::string_view, 3> formats{"text", "json", "pcapng"};

// --json is short for --format json.
std::string format_of(const Run& run) {
    const auto name = run.options.value("--format");
    if (!run.options.has("--format")) return run.options.json ? "json" : "text";
    if (std::ranges::find(formats, name) == formats.end()) {
        const auto near = config::nearest(name, formats);
        throw UsageError("--format " + name + ": it is text, json or pcapng" +
                         (near ? "; did you mean " + *near + "?" : ""));
    }
    if (run.options.json && name == "text") throw UsageError("--json and --format text exclude each other");
    return std::string(name);
}

ConnectorColumn column_of(const Run& run) {
    return run.api.connector().empty() ? ConnectorColumn::shown : ConnectorColumn::left_out;
}

void events(const Run& run, Arguments) {
    const auto format = format_of(run);
    if (format == "pcapng") return capture_events(run);
    EventOutput output(run);
    const auto query = events_query(run, {"--connector", "--identity", "--type", "--topic", "--alias", "--rule"});
    each_page(run, query, [&](std::span<const JsonNode> found, const JsonNode&) {
        for (const auto& event : found) {
            output.stream() << (format == "json" ? config::to_json_text(event) : event_line(event, column_of(run)))
                            << "\n";
        }
        return output.flush();
    });
    output.keep();
}

std::string disconnect_text(const JsonNode& event) {
    return "by " + text_of(event, "closed_by") + ": " + text_of(event, "reason");
}

std::string finding_text(const JsonNode& event) {
    auto text = text_of(event, "severity") + " " + report::code_of(event) + ": " + text_of(event, "message");
    const auto hint = text_of(event, "hint");
    return hint.empty() ? text : text + " " + hint;
}

constexpr std::array forms{
    Form{"", "", 0, 0, "The journal, oldest first: a line for each event, of all connectors and of none.", events}};

constexpr std::array names{ServerName{"after", "--since"}};

constexpr ClientCommand command{"events", forms, options,
                                "With --json each line is one event as JSON. --since continues where an earlier run "
                                "stopped: every event has its cursor.\n\n"
                                "With --format pcapng the packets are TCP streams on port 1883, as Wireshark's MQTT "
                                "dissector reads them, times as in the journal, secrets masked. Packets are journalled "
                                "if the connector's journal.packets is true (serve --journal-packets). To watch live:\n"
                                "  murano-emulator events --follow --format pcapng | wireshark -k -i -\n",
                                names};

}  // namespace

std::string event_line(const JsonNode& event, ConnectorColumn column) {
    const auto type = text_of(event, "type");
    std::string details;
    if (type == "finding") {
        details = finding_text(event);
    } else if (type == "disconnect") {
        details = disconnect_text(event);
    } else if (event.find("payload") != nullptr) {
        details = shortened(text_of(event, "payload"), widest_payload);
    }
    auto line = text_of(event, "cursor") + "  " + time_text(text_of(event, "timestamp")) + "  " + type;
    if (column == ConnectorColumn::shown) {
        const auto connector = text_of(event, "connector");
        line += "  " + (connector.empty() ? "-" : connector);
    }
    const auto identity = text_of(event, "identity");
    if (!identity.empty()) line += "  " + identity;
    if (!details.empty()) line += "  " + details;
    return printable(line);
}

void print_event(const Run& run, const JsonNode& event) {
    run.out << (run.options.json ? config::to_json_text(event) : event_line(event, column_of(run))) << "\n";
}

const ClientCommand& events_command() {
    return command;
}

}  // namespace cli
