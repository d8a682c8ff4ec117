#include "server/journal/payload_match.h"

#include "server/journal/event_json.h"
#include "server/journal/json_text.h"
#include "server/journal/json_writer.h"
#include "server/journal/packet_fields.h"

namespace journal {
namespace {

using Visit = std::function<bool(const EventText&)>;

bool any_value_text(const DataPayload& data, std::string_view alias, const Visit& visit) {
    for (const Report& report : data.reports) {
        for (const NamedValue& value : report.values) {
            if (!alias.empty() && value.alias != alias) continue;
            if (visit({value.alias, value.text, value.text})) return true;
        }
    }
    return false;
}

std::string packet_json(const PacketPayload& packet) {
    std::string json;
    JsonWriter writer(json);
    writer.start_object();
    writer.member("direction", std::string_view(packet.outgoing ? "out" : "in"));
    const std::string_view raw =
        packet.raw.substr(0, default_shown_payload);  // a giant one is not put into words whole
    write_packet_fields(writer, raw, raw.size() == packet.raw.size() ? PacketPart::whole : PacketPart::beginning);
    writer.end_object();
    return json;
}

// The one text of an event that is neither values nor a message.
std::string text_of(const Event& event) {
    if (const auto* finding = std::get_if<FindingPayload>(&event.payload)) return std::string(finding->message);
    if (const auto* gone = std::get_if<DisconnectPayload>(&event.payload)) return std::string(gone->reason);
    if (const auto* content = std::get_if<ContentPayload>(&event.payload)) return std::string(content->id);
    if (const auto* packet = std::get_if<PacketPayload>(&event.payload)) return packet_json(*packet);
    if (const auto* fault = std::get_if<FaultPayload>(&event.payload)) return std::string(fault->detail);
    if (const auto* verdict = std::get_if<VerdictPayload>(&event.payload)) return std::string(verdict->message);
    return {};
}

bool equal(const PayloadMatch& match, std::string_view text) {
    return match.equals_json ? match.equals_json->equals(text) : text == *match.equals;
}

std::string json_difference(const JsonCondition& condition, const EventText& text) {
    const auto outcome = condition.explain(text.document);
    const std::string place = condition.pointer().empty() ? "the whole" : condition.pointer();
    if (outcome.answer == JsonCondition::Answer::no_json) return quoted(text.text) + " is no JSON";
    if (outcome.answer == JsonCondition::Answer::no_such_place) return "there is no " + place + " in it";
    return place + " is " + outcome.found + ", not " + condition.expected();
}

std::string pattern_difference(const TextPattern& pattern, std::string_view text) {
    std::string clause = quoted(text) + " does not match the regular expression " + pattern.text();
    if (text.size() <= pattern.searched()) return clause;
    return clause + " in its first " + std::to_string(pattern.searched()) + " bytes, which are all that is searched";
}

}  // namespace

bool any_text(const Recorded& recorded, std::string_view alias, const Visit& visit) {
    const Event& event = recorded.event;
    if (const auto* data = std::get_if<DataPayload>(&event.payload)) return any_value_text(*data, alias, visit);
    if (const auto* publish = std::get_if<PublishPayload>(&event.payload)) {
        return visit({{}, publish->payload, publish->payload});
    }
    std::string document;
    append_json(document, recorded);
    const std::string text = text_of(event);
    return visit({{}, text, document});
}

bool holds(const PayloadMatch& match, const EventText& text) {
    if (match.equals && !equal(match, text.text)) return false;
    if (match.contains && text.text.find(*match.contains) == std::string_view::npos) return false;
    if (match.regex && !match.regex->found_in(text.text)) return false;
    return !match.jsonpath || match.jsonpath->check(text.document) == JsonCondition::Answer::holds;
}

bool holds(const PayloadMatch& match, const Recorded& recorded, std::string_view alias) {
    if (match.empty()) return true;
    return any_text(recorded, alias, [&match](const EventText& text) { return holds(match, text); });
}

std::string difference(const PayloadMatch& match, const EventText& text) {
    if (match.equals && !equal(match, text.text)) {
        return quoted(text.text) + " is not " + (match.equals_json ? *match.equals : quoted(*match.equals));
    }
    if (match.contains && text.text.find(*match.contains) == std::string_view::npos) {
        return quoted(text.text) + " does not contain " + quoted(*match.contains);
    }
    if (match.regex && !match.regex->found_in(text.text)) {
        return pattern_difference(*match.regex, text.text);
    }
    return match.jsonpath ? json_difference(*match.jsonpath, text) : std::string();
}

std::string quoted(std::string_view text) {
    constexpr std::size_t most = 80;
    const bool whole = text.size() <= most;
    std::size_t end = whole ? text.size() : most;
    while (!whole && end > most - 4 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    return '"' + replace_invalid_utf8(text.substr(0, end)) + (whole ? "\"" : "…\"");
}

}  // namespace journal
