#include "server/cli/events_command.h"

#include "server/cli/text_table.h"
#include "server/report/words.h"

#include <array>
#include <ostream>

namespace cli {

using config::JsonNode;

namespace {

using Arguments = std::span<const std::string>;

constexpr std::array options{
    connector_option,
    OptionSpec{"--follow", "", "or -f: goes on with what happens, until it is interrupted"},
    OptionSpec{"--since", "CURSOR", "only what came after that event (default 0: all that is kept)"},
    OptionSpec{"--identity", "ID", "of this device"},
    OptionSpec{"--type", "TYPE,…", "connect, disconnect, provisioned, data_in, data_out, publish, finding, …"},
    OptionSpec{"--topic", "FILTER", "messages on topics that this MQTT filter matches"},
    OptionSpec{"--alias", "ALIAS", "values of this resource"},
    OptionSpec{"--rule", "RULE", "findings of this rule or code, R28 or R40.comma_for_point"},
};

constexpr int wait_ms = 20'000;
constexpr std::chrono::milliseconds patience{wait_ms + 20'000};
constexpr std::size_t widest_payload = 160;

std::string query_of(const Run& run) {
    std::string query = "/_emulator/v1/events?";
    for (const auto option : {"--connector", "--identity", "--type", "--topic", "--alias", "--rule"}) {
        if (run.options.has(option))
            query.append(option + 2).append("=").append(percent_encode(run.options.value(option))).append("&");
    }
    return query;
}

void events(const Run& run, Arguments) {
    const auto query = query_of(run);
    const bool follow = run.options.has("--follow");
    auto cursor = run.options.has("--since") ? run.options.value("--since") : "0";
    bool caught_up = false;
    while (run.out) {
        auto target = query + "after=" + percent_encode(cursor);
        if (caught_up) target += "&wait=" + std::to_string(wait_ms);
        const auto answer = parse_answer(run.api.get(target, patience));
        const auto* found = answer.find("events");
        const bool none = found == nullptr || found->items.empty();
        if (none && !follow) return;
        if (!none) {
            for (const auto& event : found->items) print_event(run, event);
        }
        run.out.flush();
        cursor = text_of(answer, "next");
        caught_up = none;
    }
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
                                "With --json each line is one event as JSON. --since goes on where an earlier run "
                                "stopped: every event has its cursor.\n",
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
    const auto column = run.api.connector().empty() ? ConnectorColumn::shown : ConnectorColumn::left_out;
    run.out << (run.options.json ? config::to_json_text(event) : event_line(event, column)) << "\n";
}

const ClientCommand& events_command() {
    return command;
}

}  // namespace cli
