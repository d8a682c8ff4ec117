#include "server/simulator/misbehaviour.h"

#include "config/nearest.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace simulator {
namespace {

using enum Misbehaviour;

constexpr std::array rows = std::to_array<MisbehaviourRow>({
    {comma, "comma", "decimal comma instead of a point: 21,5", "R40"},
    {text_for_number, "text-for-number", "words for a resource that needs a number", "R40"},
    {bad_json, "bad-json", "JSON with single quotes", "R40"},
    {seconds, "seconds", "batch timestamps in seconds instead of microseconds", "R38"},
    {milliseconds, "milliseconds", "batch timestamps in milliseconds", "R38"},
    {unknown_resource, "unknown-resource", "an alias that the connector does not define", "R37"},
    {unknown_topic, "unknown-topic", "$resources/… instead of $resource/…", "R46"},
    {foreign_topic, "foreign-topic", "subscribes to another device's topic", "R34"},
    {qos2, "qos2", "publishes with QoS 2", "R26"},
    {dup, "dup", "DUP with QoS 0, which closes the connection", "R28"},
    {retain, "retain", "publishes with RETAIN", "R23"},
    {pubrec, "pubrec", "answers PUBACK with PUBREC, which closes the connection", "R30"},
    {second_connect, "second-connect", "sends CONNECT twice on one connection", "MQTT-3.1.0-2"},
    {mqtt5, "mqtt5", "asks for MQTT 5", "MQTT-3.1.2-2"},
    {client_id, "client-id", "another ClientID at each connection, not the device's id", "R13"},
    {line_end, "line-end", "sends its token followed by a line end", "R12"},
    {no_sni, "no-sni", "names no server in the TLS handshake", "R3"},
    {no_pause, "no-pause", "drops its connection after each report and comes back without a pause", ""},
    {no_ping, "no-ping", "sends no PINGREQ within its Keep Alive", ""},
    {mute, "mute", "opens connections and sends no CONNECT", ""},
});

std::string unknown(std::string_view name) {
    std::vector<std::string_view> names;
    std::string all;
    for (const auto& row : rows) {
        names.push_back(row.name);
        all.append(all.empty() ? "" : ", ").append(row.name);
    }
    std::string error = "no kind of misbehaviour is called \"" + std::string(name) + "\"";
    if (const auto meant = config::nearest(name, names)) error += "; did you mean " + *meant + "?";
    return error + " There are: " + all + "; or all, which gives each device another one.";
}

// The first digit-point-digit.
void put_comma(std::string& payload) {
    for (std::size_t at = 1; at + 1 < payload.size(); ++at) {
        const auto is_digit = [&](std::size_t place) {
            return std::isdigit(static_cast<unsigned char>(payload[place])) != 0;
        };
        if (payload[at] == '.' && is_digit(at - 1) && is_digit(at + 1)) {
            payload[at] = ',';
            return;
        }
    }
    payload = "21,5";
}

}  // namespace

std::span<const MisbehaviourRow> misbehaviours() {
    return rows;
}

std::string_view to_string(Misbehaviour kind) {
    const auto found = std::find_if(rows.begin(), rows.end(), [kind](const auto& row) { return row.kind == kind; });
    return found == rows.end() ? std::string_view("none") : found->name;
}

std::vector<Misbehaviour> read_misbehaviours(std::string_view text, std::string& error) {
    std::vector<Misbehaviour> kinds;
    if (text == "all") {
        for (const auto& row : rows) kinds.push_back(row.kind);
        return kinds;
    }
    while (true) {
        const auto end = text.find(',');
        const auto name = text.substr(0, end);
        const auto found = std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return row.name == name; });
        if (found == rows.end()) {
            error = unknown(name);
            return {};
        }
        kinds.push_back(found->kind);
        if (end == std::string_view::npos) return kinds;
        text.remove_prefix(end + 1);
    }
}

void spoil(Misbehaviour kind, ReportText& report) {
    constexpr std::string_view resource = "$resource/";
    switch (kind) {
        case comma:
            return put_comma(report.payload);
        case text_for_number:
            report.payload = "warm";
            return;
        case bad_json:
            report = {std::string(resource), "{'temperature': 21.5}"};
            return;
        case unknown_resource:
            report.topic = std::string(resource) + "temprature";
            return;
        case unknown_topic:
            report.topic.insert(resource.size() - 1, "s");
            return;
        default:
            return;
    }
}

protocol::PublishFlags publish_flags(Misbehaviour kind) {
    switch (kind) {
        case qos2:
            return {.qos = 2};
        case dup:
            return {.qos = 0, .dup = true};
        case retain:
            return {.qos = 1, .retain = true};
        default:
            return {.qos = 1};
    }
}

std::int64_t spoiled_timestamp(Misbehaviour kind, std::int64_t at_us) {
    if (kind == seconds) return at_us / 1'000'000;
    return kind == milliseconds ? at_us / 1'000 : at_us;
}

}  // namespace simulator
