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

Match read_match(ObjectReader from) {
    Match match;
    read_filter(from, match.filter);
    read_payload_conditions(from, match.payload);
    from.finish();
    return match;
}

}  // namespace journal
