#include "server/cli/wait_command.h"

#include "server/cli/events_command.h"
#include "server/cli/places.h"
#include "server/cli/text_table.h"
#include "server/runtime/duration.h"

#include <algorithm>
#include <array>
#include <ostream>

namespace cli {

using config::JsonNode;

namespace {

using Arguments = std::span<const std::string>;

constexpr std::array options{
    connector_option,
    OptionSpec{"--identity", "ID", "of this device"},
    OptionSpec{"--topic", "FILTER", "on topics that this MQTT filter matches"},
    OptionSpec{"--alias", "ALIAS", "a value of this resource"},
    OptionSpec{"--rule", "RULE", "a finding of this rule or code, R28 or R40.comma_for_point"},
    OptionSpec{"--equals", "V", "the value, payload or message is this text"},
    OptionSpec{"--contains", "V", "it contains this text"},
    OptionSpec{"--regex", "R", "it matches this regular expression somewhere"},
    OptionSpec{"--jsonpath", "P=V", "JSON Pointer, one of = != < <= > >=, JSON value: '/channels/001>=5'"},
    OptionSpec{"--count", "N|'>=N'", "exactly N events, judged when the time is over (0: none); default '>=1'"},
    OptionSpec{"--within", "TIME", "how long to wait, 10s (the default), 500ms, 2m"},
    OptionSpec{"--since", "CURSOR", "earlier events after that one count too (default: now)"},
};

constexpr std::int64_t usual_wait_us = 10'000'000;
constexpr std::chrono::milliseconds network_patience{30'000};

bool is_number(std::string_view text) {
    return !text.empty() && text.size() <= 18 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// A whole number without leading zeros, which JSON does not have.
JsonNode number_of(std::string_view digits) {
    digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size() - 1));
    return JsonNode::number(digits);
}

JsonNode match_of(const Run& run, const std::string& type) {
    JsonNode match = JsonNode::object({{"type", JsonNode::of(type)}});
    for (const std::string_view option : {"--connector", "--identity", "--topic", "--alias", "--rule", "--equals",
                                          "--contains", "--regex", "--jsonpath"}) {
        if (run.options.has(option)) match.put(option.substr(2), JsonNode::of(run.options.value(option)));
    }
    return match;
}

JsonNode count_of(const std::string& text) {
    const bool at_least = text.starts_with(">=");
    const std::string digits = text.substr(at_least ? 2 : 0);
    if (!is_number(digits)) throw UsageError("--count " + text + ": a count is N, or '>=N' in quotes, or 0 for none");
    return JsonNode::object({{at_least ? "at_least" : "exactly", number_of(digits)}});
}

std::int64_t within_us(const Run& run) {
    if (!run.options.has("--within")) return usual_wait_us;
    const auto duration = runtime::parse_duration(run.options.value("--within"));
    if (const auto* error = std::get_if<runtime::DurationError>(&duration)) {
        throw UsageError("--within: " + error->message);
    }
    const auto us = std::get<std::int64_t>(duration);
    if (us < 0) throw UsageError("--within: it cannot be over already");
    return us;
}

JsonNode body_of(const Run& run, const std::string& type, std::int64_t within_ms) {
    JsonNode body = JsonNode::object({{"match", match_of(run, type)}});
    if (run.options.has("--count")) body.put("count", count_of(run.options.value("--count")));
    if (run.options.has("--since")) {
        const auto since = run.options.value("--since");
        if (!is_number(since)) throw UsageError("--since " + since + ": a cursor is a whole number");
        body.put("since", number_of(since));
    }
    body.put("within_ms", JsonNode::number(std::to_string(within_ms)));
    return body;
}

std::string miss_text(const JsonNode& answer) {
    const auto* error = answer.find("error");
    std::string text = error == nullptr ? "timed out" : printable(text_of(*error, "message"));
    const auto* misses = answer.find("near_misses");
    if (misses == nullptr || misses->items.empty()) {
        return text + "\nNothing came near. What devices did wrong: murano-emulator report";
    }
    text += "\nNear misses, the nearest first:";
    for (const JsonNode& miss : misses->items) {
        const auto* event = miss.find("event");
        if (event != nullptr) text += "\n  " + event_line(*event, ConnectorColumn::shown);
        text += "\n      " + printable(text_of(miss, "why"));
    }
    return text;
}

void wait_for(const Run& run, Arguments arguments) {
    const auto within_ms = within_us(run) / 1000;
    const auto body = body_of(run, arguments.front(), within_ms);
    check_connector(run.api);  // else the server would say so only when the time is over
    const HttpRequest request{"POST", "/_emulator/v1/wait", config::to_json_text(body)};
    const auto answer = http_call(run.api.server(), request, std::chrono::milliseconds(within_ms) + network_patience);
    if (answer.status == 408) {
        const auto missed = parse_answer(answer.body);
        if (run.options.json) run.out << config::to_json_text(missed) << "\n";
        throw WaitRanOut(miss_text(missed));
    }
    check(answer);
    const auto reached = parse_answer(answer.body);
    const auto* events = reached.find("events");
    if (events == nullptr) return;
    for (const JsonNode& event : events->items) print_event(run, event);
}

constexpr std::array forms{
    Form{"", "TYPE", 1, 1, "Waits for an event of that type (several: with commas), prints it and ends.", wait_for}};

constexpr std::array names{ServerName{"type", "TYPE"}, ServerName{"within_ms", "--within"}};

constexpr ClientCommand command{
    "wait-for", forms, options,
    "Exit code 3 when it did not happen in time; the message lists near misses. With --json each event is a line of\n"
    "JSON. Types: connect, disconnect, provisioned, data_in, data_out, publish, content_in, deleted, expired, "
    "finding,\n"
    "packet, fault, verdict. --equals and its like look at each value, at the payload of a publish, at the message of\n"
    "a finding, at the reason of a disconnect.\n",
    names};

}  // namespace

const ClientCommand& wait_command() {
    return command;
}

}  // namespace cli
