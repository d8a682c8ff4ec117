#include "server/journal/match_json.h"

#include "server/journal/payload_conditions.h"

#include <array>
#include <optional>
#include <string>

namespace journal {
namespace {

using config::JsonNode;
using config::ObjectReader;

constexpr std::array<std::string_view, 11> filter_keys{"connector", "identity", "type", "topic", "alias", "rule",
                                                       "code",      "from",     "to",   "name",  "kind"};

// Strings, and numbers where a filter takes one; a list of types as in "a,b".
std::optional<std::string> filter_text(ObjectReader& from, std::string_view key, const JsonNode& node) {
    const bool is_time = key == "from" || key == "to";
    if (node.is(JsonNode::Kind::string) || (is_time && node.is(JsonNode::Kind::number))) return node.text;
    if (key != "type" || !node.is(JsonNode::Kind::array)) {
        from.wrong(node, from.path_of(key), is_time ? "a whole number of microseconds since 1970" : "a string");
        return std::nullopt;
    }
    std::string joined;
    for (std::size_t i = 0; i < node.items.size(); ++i) {
        if (!node.items[i].is(JsonNode::Kind::string)) {
            from.wrong(node.items[i], config::item_path(from.path_of(key), i), "the name of an event type");
            return std::nullopt;
        }
        joined.append(joined.empty() ? "" : ",").append(node.items[i].text);
    }
    return joined;
}

constexpr std::string_view schema =
    R"({"type":"object","additionalProperties":false,"description":"All that is given must hold; an empty one is met by every event.","properties":{
"connector":{"type":"string","description":"absent: of any"},"identity":{"type":"string"},
"type":{"oneOf":[{"type":"string","description":"several with commas"},{"type":"array","items":{"type":"string"}}]},
"topic":{"type":"string","description":"MQTT topic filter"},"alias":{"type":"string"},
"rule":{"type":"string","description":"of a finding, such as R28, or its code"},
"code":{"type":"string","description":"of a finding, such as R40.comma_for_point; docs/findings.md has all"},
"name":{"type":"string","description":"of a fault"},"kind":{"type":"string","description":"of a fault, such as withhold"},
"from":{"type":"integer","description":"µs since 1970 by the emulator's clock, inclusive"},"to":{"type":"integer"},
"equals":{"description":"The text: each value of data_in and data_out (only that of the alias where one is given), the payload of a publish, the message of a finding, the reason of a disconnect, the id of a content item, the detail of a fault, a decoded packet as JSON. A string is compared byte by byte, any other JSON value with the text as JSON."},
"contains":{"type":"string","description":"in the same text"},
"regex":{"type":"string","maxLength":1000,"description":"found anywhere in the same text (its first 64 KiB, less for a large pattern), RE2's syntax"},
"jsonpath":{"type":"string","maxLength":4096,"description":"JSON Pointer, one of = != < <= > >=, JSON value: /channels/001>=5. Asked of a value or the payload of a publish as JSON (up to 1 MiB); of other events as a whole: /closed_by=\"device\""}}})";

void read_filter(ObjectReader& from, Filter& filter) {
    for (const std::string_view key : filter_keys) {
        const JsonNode* node = from.find(key);
        if (node == nullptr) continue;
        const auto text = filter_text(from, key, *node);
        if (!text) continue;
        const auto applied = apply_parameter(filter, key, *text);
        if (const auto* error = std::get_if<FilterError>(&applied))
            from.context().error(node->offset, from.path_of(key), error->message);
    }
}

}  // namespace

JsonNode match_schema() {
    return *config::parse_json(schema, config::JsonDialect::strict).root;
}

Match read_match(ObjectReader from) {
    Match match;
    read_filter(from, match.filter);
    read_payload_conditions(from, match.payload);
    from.finish();
    return match;
}

}  // namespace journal
