#include "server/journal/payload_conditions.h"

namespace journal {
namespace {

using config::JsonNode;

void read_equals(config::ObjectReader& from, PayloadMatch& match) {
    const JsonNode* node = from.find("equals");
    if (node == nullptr) return;
    if (node->is(JsonNode::Kind::string)) {
        match.equals = node->text;
        return;
    }
    match.equals = config::to_json_text(*node);
    match.equals_json.emplace(*match.equals);
}

// Of a string that `compile` takes: what it makes, or its complaint at the string's place.
template <typename Made, typename Compile>
void read_compiled(config::ObjectReader& from, std::string_view key, std::optional<Made>& into, Compile compile) {
    const JsonNode* node = from.find(key);
    if (node == nullptr) return;
    if (!node->is(JsonNode::Kind::string)) return from.wrong(*node, from.path_of(key), "a string");
    auto made = compile(node->text);
    if (auto* fine = std::get_if<Made>(&made)) {
        into = std::move(*fine);
    } else {
        from.context().error(node->offset, from.path_of(key), std::get<std::string>(made));
    }
}

}  // namespace

void read_payload_conditions(config::ObjectReader& from, PayloadMatch& match) {
    read_equals(from, match);
    const JsonNode* node = from.find("contains");
    if (node != nullptr && node->is(JsonNode::Kind::string)) match.contains = node->text;
    if (node != nullptr && !match.contains) from.wrong(*node, from.path_of("contains"), "a string");
    read_compiled(from, "regex", match.regex, TextPattern::compile);
    read_compiled(from, "jsonpath", match.jsonpath, JsonCondition::parse);
}

}  // namespace journal
