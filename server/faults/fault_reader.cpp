#include "server/faults/fault_reader.h"

#include "config/address.h"
#include "config/nearest.h"
#include "protocol/topic_filter.h"
#include "server/faults/fault_checks.h"
#include "server/faults/text_bytes.h"
#include "server/journal/payload_conditions.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace faults {

using config::JsonNode;

namespace {

constexpr std::size_t longest_text = 255;  // of an identity or a client id
constexpr std::int64_t most_seed = INT64_MAX;

std::optional<std::int64_t> whole_number(const JsonNode& node) {
    std::int64_t value = 0;
    const char* const last = node.text.data() + node.text.size();
    const auto [end, error] = std::from_chars(node.text.data(), last, value);
    if (!node.is(JsonNode::Kind::number) || error != std::errc() || end != last) return std::nullopt;
    return value;
}

std::string range(std::int64_t least, std::int64_t most) {
    return "from " + std::to_string(least) + " to " + std::to_string(most);
}

}  // namespace

FaultReader::FaultReader(const JsonNode& node, const std::string& path, const config::ReadContext& context,
                         const Surroundings& around)
    : reader_(&node, path, context), around_(around) {}

Fault FaultReader::read() {
    if (reader_.node() == nullptr || !read_kind()) return fault_;
    read_values();
    read_name();
    read_scope();
    read_budget();
    read_predecessor();
    read_narrowing();
    refuse_unknown_keys();
    tell_missing();
    check_whole();
    return fault_;
}

const JsonNode* FaultReader::find(std::string_view key) {
    known_.push_back(key);
    const JsonNode* node = reader_.find(key);
    return node == nullptr || node->is(JsonNode::Kind::null) ? nullptr : node;
}

void FaultReader::wrong(const JsonNode& node, std::string_view key, std::string_view expected) const {
    reader_.wrong(node, reader_.path_of(key), expected);
}

std::optional<std::int64_t> FaultReader::number(std::string_view key, std::int64_t least, std::int64_t most) {
    const JsonNode* node = find(key);
    if (node == nullptr) return std::nullopt;
    const auto value = whole_number(*node);
    if (value && *value >= least && *value <= most) return value;
    wrong(*node, key, "a whole number " + range(least, most));
    return std::nullopt;
}

std::optional<std::string> FaultReader::text(std::string_view key, std::size_t least, std::size_t most) {
    const JsonNode* node = find(key);
    if (node == nullptr) return std::nullopt;
    if (node->is(JsonNode::Kind::string) && node->text.size() >= least && node->text.size() <= most) return node->text;
    wrong(*node, key, "a string of " + std::to_string(least) + " to " + std::to_string(most) + " bytes");
    return std::nullopt;
}

bool FaultReader::read_kind() {
    known_.push_back("kind");
    const JsonNode* node = reader_.find("kind");
    if (node == nullptr) {
        reader_.context().error(reader_.node()->offset, reader_.path_of("kind"),
                                "a fault needs its kind, such as \"withhold\"; fault kinds lists them");
        return false;
    }
    std::vector<std::string_view> names;
    for (const auto& rule : kinds()) names.push_back(rule.name);
    const auto* name = reader_.chosen("kind", *node, names);
    if (name != nullptr) fault_.kind = find_kind(*name)->kind;
    return name != nullptr;
}

// --- the kind's own keys ---

void FaultReader::read_values() {
    for (const auto& rule : fault_.rule().keys) read_value(rule);
    const bool refuses = fault_.kind == Kind::connack && !fault_.values.has(Key::session_present);
    if (refuses && !fault_.values.has(Key::code)) fault_.values.put(Key::code, std::int64_t{3});
}

void FaultReader::read_value(const KeyRule& rule) {
    const JsonNode* node = find(rule.name);
    if (rule.key == Key::place && node != nullptr && node->is(JsonNode::Kind::string) &&
        std::find(rule.choices.begin(), rule.choices.end(), node->text) == rule.choices.end()) {
        node = nullptr;  // `after` names a fault
    }
    if (rule.key == Key::topic && node != nullptr && protocol::has_wildcard(node->text)) return;  // it narrows
    JsonNode fallback = rule.type == KeyType::number ? JsonNode::number(rule.fallback)
                        : rule.type == KeyType::flag ? JsonNode::of(rule.fallback == "true")
                                                     : JsonNode::of(rule.fallback);
    if (node == nullptr && rule.needed) missing_.push_back(&rule);
    if (node == nullptr && rule.fallback.empty()) return;
    if (node == nullptr) node = &fallback;
    switch (rule.type) {
        case KeyType::number:
            if (const auto value = whole_number(*node); value && *value >= rule.least && *value <= rule.most) {
                fault_.values.put(rule.key, *value);
            } else {
                wrong(*node, rule.name, "a whole number " + range(rule.least, rule.most));
            }
            return;
        case KeyType::flag:
            if (!node->is(JsonNode::Kind::boolean)) return wrong(*node, rule.name, "true or false");
            fault_.values.put(rule.key, node->truth);
            return;
        case KeyType::choice:
            return read_choice(rule, *node);
        case KeyType::text:
        case KeyType::hex:
            break;
    }
    const auto bytes = rule.type == KeyType::hex ? from_hex(node->text) : node->text;
    const auto size = static_cast<std::int64_t>(bytes.value_or("").size());
    if (node->is(JsonNode::Kind::string) && bytes && size >= rule.least && size <= rule.most) {
        fault_.values.put(rule.key, node->text);
        return;
    }
    const std::string what = rule.type == KeyType::hex ? "hexadecimal digits for " : "a string of ";
    wrong(*node, rule.name, what + std::to_string(rule.least) + " to " + std::to_string(rule.most) + " bytes");
}

void FaultReader::read_choice(const KeyRule& rule, const JsonNode& node) {
    if (const auto* choice = reader_.chosen(rule.name, node, rule.choices)) {
        fault_.values.put(rule.key, std::string(*choice));
    }
}

// --- the keys of every kind ---

void FaultReader::read_name() {
    if (fault_.rule().find("name") == nullptr) read_name("name");
    read_name("fault_name");
    if (fault_.name.empty()) fault_.name = around_.name;
}

void FaultReader::read_name(std::string_view key) {
    const JsonNode* node = find(key);
    if (node == nullptr) return;
    if (!node->is(JsonNode::Kind::string) || !is_fault_name(node->text)) {
        return wrong(*node, key, "1 to 64 letters, digits, dots, underscores and hyphens");
    }
    if (!fault_.name.empty() && fault_.name != node->text) return wrong(*node, key, "the same as name");
    if (!around_.name.empty() && around_.name != node->text) {
        return wrong(*node, key, "the name of the path, \"" + around_.name + "\"");
    }
    fault_.name = node->text;
}

void FaultReader::read_scope() {
    read_connector();
    fault_.scope.identity = text("identity", 1, longest_text);
    fault_.scope.client_id = text("client_id", 0, 65'535);
    if (const JsonNode* node = find("anonymous")) {
        if (!node->is(JsonNode::Kind::boolean)) return wrong(*node, "anonymous", "true or false");
        fault_.scope.anonymous = node->truth;
    }
    const JsonNode* node = find("ip");
    if (node == nullptr) return;
    if (!node->is(JsonNode::Kind::string) || !config::is_ip_or_cidr(node->text)) {
        return wrong(*node, "ip", "an address or a block, such as \"10.0.0.0/8\"");
    }
    fault_.scope.ip = node->text;
    fault_.scope.addresses = murano::IpRules({node->text});
}

void FaultReader::read_connector() {
    const JsonNode* node = find("connector");
    fault_.scope.connector = around_.connector;
    if (node == nullptr) return;
    if (around_.connector) {
        return reader_.context().error(node->offset, reader_.path_of("connector"),
                                       "a fault inside a connector is that connector's: leave the key out");
    }
    if (!node->is(JsonNode::Kind::string) || !config::is_connector_id(node->text)) {
        return wrong(*node, "connector", "a connector id: 1 to 63 lower-case letters, digits and hyphens");
    }
    fault_.scope.connector = node->text;
}

void FaultReader::read_budget() {
    auto& budget = fault_.budget;
    if (const auto skip = number("skip", 0, most_times)) budget.skip = static_cast<std::uint64_t>(*skip);
    if (const auto times = number("times", 1, most_times)) budget.times = static_cast<std::uint64_t>(*times);
    if (const auto seed = number("seed", 0, most_seed)) budget.seed = static_cast<std::uint64_t>(*seed);
    if (const auto length = number("for_ms", 1, most_ms)) budget.length = Milliseconds(*length);
    if (const auto delay = number("after_ms", 0, most_ms)) budget.delay = Milliseconds(*delay);
    read_probability();
    read_per();
}

void FaultReader::read_probability() {
    const JsonNode* node = find("probability");
    if (node == nullptr) return;
    double value = -1;
    const char* const last = node->text.data() + node->text.size();
    const auto [end, error] = std::from_chars(node->text.data(), last, value);
    if (!node->is(JsonNode::Kind::number) || error != std::errc() || end != last || value < 0 || value > 1) {
        return wrong(*node, "probability", "a number from 0 to 1");
    }
    fault_.budget.probability = value;
}

void FaultReader::read_per() {
    constexpr std::array<std::string_view, 3> choices{"all", "identity", "connection"};
    const JsonNode* node = find("per");
    const auto* choice = node == nullptr ? nullptr : reader_.chosen("per", *node, choices);
    if (choice == nullptr) return;
    fault_.budget.per = *choice == "all" ? Per::all : *choice == "identity" ? Per::identity : Per::connection;
}

void FaultReader::read_predecessor() {
    for (const std::string_view key : {"after", "after_fault"}) {
        const JsonNode* node = find(key);
        if (node == nullptr) continue;
        const bool is_place =
            key == "after" && fault_.rule().find("after") != nullptr && fault_.values.text(Key::place) == node->text;
        if (is_place) continue;
        if (!node->is(JsonNode::Kind::string) || !is_fault_name(node->text)) {
            wrong(*node, key, "the name of a fault");
        } else {
            fault_.after_fault = node->text;
        }
    }
}

void FaultReader::read_narrowing() {
    const JsonNode* topic = find("topic");
    if (topic != nullptr && !fault_.values.has(Key::topic)) {
        if (!topic->is(JsonNode::Kind::string)) return wrong(*topic, "topic", "an MQTT topic filter");
        fault_.narrowing.topic = topic->text;
        if (!protocol::valid_topic_filter(topic->text)) {
            return wrong(*topic, "topic", "an MQTT topic filter: + and # stand for whole levels, # only at the end");
        }
    }
    if (const JsonNode* match = find("match")) read_match(*match);
}

void FaultReader::read_match(const JsonNode& node) {
    config::ObjectReader match(&node, reader_.path_of("match"), reader_.context());
    journal::read_payload_conditions(match, fault_.narrowing.payload);
    std::string topic;
    match.read("topic", topic);
    match.finish();
    if (match.node() == nullptr) return;
    if (const JsonNode* place = node.find("topic"); place != nullptr && place->is(JsonNode::Kind::string)) {
        if (!protocol::valid_topic_filter(topic)) {
            return match.wrong(*place, match.path_of("topic"), "an MQTT topic filter");
        }
        if (!fault_.narrowing.topic.empty()) {
            return match.wrong(*place, match.path_of("topic"), "one filter: topic is given beside match already");
        }
        fault_.narrowing.topic = topic;
        fault_.narrowing.topic_in_match = true;
    }
    JsonNode conditions = node;
    conditions.erase("topic");
    if (!conditions.members.empty()) fault_.narrowing.match_json = config::to_json_text(conditions);
}

// --- the whole ---

void FaultReader::refuse_unknown_keys() {
    std::string known;
    std::vector<std::string_view> names;
    for (const auto name : known_) {
        if (std::find(names.begin(), names.end(), name) != names.end()) continue;
        names.push_back(name);
        known.append(known.empty() ? "" : ", ").append(name);
    }
    for (const auto& member : reader_.node()->members) {
        if (std::find(names.begin(), names.end(), member.key) != names.end()) continue;
        if (!reader_.context().problems.wants_errors()) return;
        std::string message = "unknown key of kind " + std::string(fault_.rule().name);
        if (const auto meant = config::nearest(member.key, names)) message.append(", did you mean \"" + *meant + "\"?");
        message.append(" Expected one of ").append(known);
        reader_.context().error(member.key_offset, reader_.path_of(member.key), message);
    }
}

// Behind the unknown keys: one of those may be what is missing, misspelt.
void FaultReader::tell_missing() {
    for (const auto* rule : missing_) {
        reader_.context().error(reader_.node()->offset, reader_.path_of(rule->name),
                                std::string(fault_.rule().name) + " needs it: " + std::string(rule->help));
    }
}

// Said only of keys that are fine each by itself.
void FaultReader::check_whole() {
    if (!reader_.context().problems.ok()) return;
    auto found = complaint_about(fault_);
    if (!found && fault_.values.has(Key::payload) &&
        !decoded(fault_.values.text(Key::payload), fault_.values.text(Key::encoding))) {
        found = Complaint{"payload", "is no " + std::string(fault_.values.text(Key::encoding))};
    }
    if (!found) return;
    const auto dot = found->key.find('.');
    const JsonNode* place = reader_.node()->find(found->key.substr(0, dot));
    const auto path = found->key.empty() ? reader_.path() : reader_.path_of(found->key.substr(0, dot));
    reader_.context().error(place == nullptr ? reader_.node()->offset : place->offset,
                            dot == std::string::npos ? path : path + found->key.substr(dot), found->message);
}

std::optional<Fault> read_fault(const JsonNode& node, const std::string& path, const config::ReadContext& context,
                                const Surroundings& around) {
    const auto before = context.problems.error_count();
    auto fault = FaultReader(node, path, context, around).read();
    if (context.problems.error_count() != before) return std::nullopt;
    return fault;
}

}  // namespace faults
