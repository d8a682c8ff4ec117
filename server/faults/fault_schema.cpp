#include "server/faults/fault_json.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

namespace faults {

using config::JsonNode;

namespace {

using Properties = std::vector<std::pair<std::string_view, JsonNode>>;

// null is the same as an absent key.
JsonNode typed(std::string_view type, std::string_view help) {
    return JsonNode::object(
        {{"type", JsonNode::array_of({std::string(type), "null"})}, {"description", JsonNode::of(help)}});
}

JsonNode whole(std::int64_t least, std::int64_t most, std::string_view help) {
    JsonNode node = typed("integer", help);
    node.put("minimum", JsonNode::number(std::to_string(least)));
    node.put("maximum", JsonNode::number(std::to_string(most)));
    return node;
}

JsonNode one_of(std::span<const std::string_view> choices, std::string_view help) {
    JsonNode list = JsonNode::array();
    for (const auto choice : choices) list.items.push_back(JsonNode::of(choice));
    list.items.emplace_back();
    return JsonNode::object({{"enum", std::move(list)}, {"description", JsonNode::of(help)}});
}

JsonNode per() {
    constexpr std::array<std::string_view, 3> choices{"all", "identity", "connection"};
    return one_of(choices,
                  "what skip and times count: all clients together, or each identity or connection separately");
}

JsonNode match() {
    JsonNode node = typed("object", "what the packet must be about: topic, and equals, contains, regex or jsonpath");
    node.put("propertyNames",
             JsonNode::object({{"enum", JsonNode::array_of({"topic", "equals", "contains", "regex", "jsonpath"})}}));
    return node;
}

// `name`, `topic` and `after` mean two things each: kinds.h.
Properties common_keys() {
    JsonNode probability = typed("number", "how often a chance becomes a hit");
    probability.put("minimum", JsonNode::number("0"));
    probability.put("maximum", JsonNode::number("1"));
    return {{"name", typed("string", "the fault's own name; for content, the item's")},
            {"fault_name", typed("string", "the fault's own name")},
            {"connector", typed("string", "strikes devices of this connector only")},
            {"identity", typed("string", "strikes this device only")},
            {"client_id", typed("string", "strikes this client id only")},
            {"anonymous", typed("boolean", "strikes devices that provision (true), or others only (false)")},
            {"ip", typed("string", "strikes this address or block only, such as 10.0.0.0/8")},
            {"skip", whole(0, most_times, "so many chances pass first")},
            {"times", whole(1, most_times, "it ends after so many hits; absent: never")},
            {"probability", std::move(probability)},
            {"seed", whole(0, INT64_MAX, "makes chance repeatable")},
            {"per", per()},
            {"for_ms", whole(1, most_ms, "it ends after this time, in ms")},
            {"after_ms", whole(0, most_ms, "it begins after this time, in ms")},
            {"after", typed("string", "the fault whose end begins this one")},
            {"after_fault", typed("string", "the fault whose end begins this one")},
            {"topic", typed("string", "an MQTT topic filter")},
            {"match", match()}};
}

JsonNode key_schema(const KeyRule& rule) {
    switch (rule.type) {
        case KeyType::number:
            return whole(rule.least, rule.most, rule.help);
        case KeyType::flag:
            return typed("boolean", rule.help);
        case KeyType::choice:
            if (rule.key != Key::place) return one_of(rule.choices, rule.help);
            break;  // or the name of a fault
        case KeyType::text:
        case KeyType::hex:
            break;
    }
    return typed("string", rule.help);
}

// Which keys one kind may have.
JsonNode kind_schema(const KindRule& kind, const Properties& common) {
    JsonNode names = JsonNode::array_of({"kind"});
    for (const auto& [name, schema] : common) names.items.push_back(JsonNode::of(name));
    JsonNode own = JsonNode::object(), needed = JsonNode::array();
    for (const auto& rule : kind.keys) {
        if (own.find(rule.name) == nullptr) names.items.push_back(JsonNode::of(rule.name));
        own.put(rule.name, key_schema(rule));
        if (rule.needed) needed.items.push_back(JsonNode::of(rule.name));
    }
    JsonNode then = JsonNode::object({{"properties", std::move(own)},
                                      {"propertyNames", JsonNode::object({{"enum", std::move(names)}})},
                                      {"required", std::move(needed)}});
    JsonNode is_kind = JsonNode::object({{"const", JsonNode::of(kind.name)}});
    JsonNode when = JsonNode::object({{"properties", JsonNode::object({{"kind", std::move(is_kind)}})}});
    return JsonNode::object({{"if", std::move(when)}, {"then", std::move(then)}});
}

}  // namespace

JsonNode closed_fault_schema(std::span<const std::string_view> without) {
    Properties common = common_keys();
    std::erase_if(common, [&](const auto& key) { return std::ranges::find(without, key.first) != without.end(); });
    JsonNode names = JsonNode::array(), by_kind = JsonNode::array();
    for (const auto& kind : kinds()) {
        names.items.push_back(JsonNode::of(kind.name));
        by_kind.items.push_back(kind_schema(kind, common));
    }
    JsonNode properties = JsonNode::object(
        {{"kind", JsonNode::object({{"enum", std::move(names)}, {"description", JsonNode::of("what goes wrong")}})}});
    for (auto& [name, schema] : common) properties.put(name, std::move(schema));
    return JsonNode::object({{"type", JsonNode::of("object")},
                             {"required", JsonNode::array_of({"kind"})},
                             {"properties", std::move(properties)},
                             {"allOf", std::move(by_kind)}});
}

}  // namespace faults
