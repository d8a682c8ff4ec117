#include "server/faults/fault_json.h"

#include <cstdio>

namespace faults {

using config::JsonNode;

namespace {

JsonNode whole(std::int64_t value) {
    return JsonNode::number(std::to_string(value));
}

JsonNode text_or_null(const std::optional<std::string>& text) {
    return text ? JsonNode::of(*text) : JsonNode();
}

JsonNode of_value(const Values::Value* value) {
    if (value == nullptr) return {};
    if (const auto* truth = std::get_if<bool>(value)) return JsonNode::of(*truth);
    if (const auto* number = std::get_if<std::int64_t>(value)) return whole(*number);
    return JsonNode::of(std::get<std::string>(*value));
}

// The shortest text that reads as the same number.
std::string number_text(double value) {
    for (int digits = 1; digits < 17; ++digits) {
        std::string text(32, '\0');
        text.resize(static_cast<std::size_t>(std::snprintf(text.data(), text.size(), "%.*g", digits, value)));
        if (std::stod(text) == value) return text;
    }
    std::string text(32, '\0');
    text.resize(static_cast<std::size_t>(std::snprintf(text.data(), text.size(), "%.17g", value)));
    return text;
}

std::string_view per_text(Per per) {
    return per == Per::all ? "all" : per == Per::identity ? "identity" : "connection";
}

void put_scope(JsonNode& node, const Scope& scope) {
    node.put("connector", text_or_null(scope.connector));
    node.put("identity", text_or_null(scope.identity));
    node.put("client_id", text_or_null(scope.client_id));
    node.put("anonymous", scope.anonymous ? JsonNode::of(*scope.anonymous) : JsonNode());
    node.put("ip", scope.ip.empty() ? JsonNode() : JsonNode::of(scope.ip));
}

void put_budget(JsonNode& node, const Budget& budget) {
    node.put("skip", whole(static_cast<std::int64_t>(budget.skip)));
    node.put("times", budget.times ? whole(static_cast<std::int64_t>(*budget.times)) : JsonNode());
    node.put("probability", JsonNode::number(number_text(budget.probability)));
    node.put("seed", budget.seed ? whole(static_cast<std::int64_t>(*budget.seed)) : JsonNode());
    node.put("per", JsonNode::of(per_text(budget.per)));
    node.put("for_ms", budget.length ? whole(budget.length->count()) : JsonNode());
    node.put("after_ms", whole(budget.delay.count()));
}

void put_narrowing(JsonNode& node, const Fault& fault) {
    const auto& narrowing = fault.narrowing;
    if (!fault.values.has(Key::topic)) {
        const bool here = !narrowing.topic.empty() && !narrowing.topic_in_match;
        node.put("topic", here ? JsonNode::of(narrowing.topic) : JsonNode());
    }
    JsonNode match;
    if (!narrowing.match_json.empty())
        match = *config::parse_json(narrowing.match_json, config::JsonDialect::strict).root;
    if (narrowing.topic_in_match) {
        if (!match.is(JsonNode::Kind::object)) match = JsonNode::object();
        match.put("topic", JsonNode::of(narrowing.topic));
    }
    node.put("match", std::move(match));
}

}  // namespace

JsonNode to_json(const Fault& fault) {
    JsonNode node = JsonNode::object();
    node.put("fault_name", fault.name.empty() ? JsonNode() : JsonNode::of(fault.name));
    if (fault.rule().find("name") == nullptr)
        node.put("name", fault.name.empty() ? JsonNode() : JsonNode::of(fault.name));
    put_scope(node, fault.scope);
    node.put("kind", JsonNode::of(fault.rule().name));
    for (const auto& rule : fault.rule().keys) node.put(rule.name, of_value(fault.values.find(rule.key)));
    put_narrowing(node, fault);
    put_budget(node, fault.budget);
    const bool is_place = fault.rule().find("after") != nullptr;
    const std::string_view predecessor = is_place ? "after_fault" : "after";
    node.put(predecessor, fault.after_fault.empty() ? JsonNode() : JsonNode::of(fault.after_fault));
    return node;
}

namespace {

JsonNode key_json(const KeyRule& rule) {
    JsonNode node = JsonNode::object({{"name", JsonNode::of(rule.name)},
                                      {"type", JsonNode::of(to_string(rule.type))},
                                      {"help", JsonNode::of(rule.help)},
                                      {"needed", JsonNode::of(rule.needed)}});
    if (rule.type == KeyType::number) {
        node.put("least", whole(rule.least));
        node.put("most", whole(rule.most));
    }
    if (rule.type == KeyType::text || rule.type == KeyType::hex) node.put("most_bytes", whole(rule.most));
    if (!rule.choices.empty()) {
        JsonNode choices = JsonNode::array();
        for (const auto choice : rule.choices) choices.items.push_back(JsonNode::of(choice));
        node.put("choices", std::move(choices));
    }
    if (!rule.fallback.empty()) node.put("default", JsonNode::of(rule.fallback));
    return node;
}

}  // namespace

JsonNode kinds_json() {
    JsonNode all = JsonNode::array();
    for (const auto& rule : kinds()) {
        JsonNode keys = JsonNode::array();
        for (const auto& key : rule.keys) keys.items.push_back(key_json(key));
        all.items.push_back(JsonNode::object({{"kind", JsonNode::of(rule.name)},
                                              {"layer", JsonNode::of(to_string(rule.layer))},
                                              {"help", JsonNode::of(rule.help)},
                                              {"keys", std::move(keys)}}));
    }
    return all;
}

std::string fault_schema() {
    JsonNode kinds_list = JsonNode::array();
    for (const auto& rule : kinds()) kinds_list.items.push_back(JsonNode::of(rule.name));
    JsonNode kind = JsonNode::object({{"type", JsonNode::of("string")}, {"enum", std::move(kinds_list)}});
    return R"({"type":"object","required":["kind"],"additionalProperties":true,"description":"the kind's own keys: GET /_emulator/v1/faults/kinds","properties":{"kind":)" +
           config::to_json_text(kind) +
           R"(,"fault_name":{"type":"string"},"connector":{"type":"string"},"identity":{"type":"string"},"client_id":{"type":"string"},"anonymous":{"type":"boolean"},"ip":{"type":"string"},"skip":{"type":"integer"},"times":{"type":"integer"},"probability":{"type":"number"},"seed":{"type":"integer"},"per":{"type":"string","enum":["all","identity","connection"]},"for_ms":{"type":"integer"},"after_ms":{"type":"integer"},"after_fault":{"type":"string"},"match":{"type":"object"}}})";
}

}  // namespace faults
