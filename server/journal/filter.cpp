#include "server/journal/filter.h"

#include "config/nearest.h"
#include "protocol/topic_filter.h"
#include "server/journal/event_names.h"
#include "server/journal/finding_code.h"
#include "server/journal/packet_fields.h"

#include <algorithm>
#include <charconv>
#include <string>

namespace journal {
namespace {

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [lower](char x, char y) { return lower(x) == lower(y); });
}

template <typename Predicate>
bool any_value(const Event& event, const Predicate& predicate) {
    const auto* data = std::get_if<DataPayload>(&event.payload);
    if (data == nullptr) return false;
    return std::any_of(data->reports.begin(), data->reports.end(), [&](const Report& report) {
        return std::any_of(report.values.begin(), report.values.end(),
                           [&](const NamedValue& value) { return predicate(report, value); });
    });
}

bool has_alias(const Event& event, std::string_view alias) {
    return any_value(event, [alias](const Report&, const NamedValue& value) { return value.alias == alias; });
}

// `rule`: or a whole code.
bool has_rule(const FindingPayload& finding, std::string_view rule) {
    return equal_ignoring_case(rule_of(finding.code), rule) || equal_ignoring_case(finding.code, rule);
}

bool is_such_a_finding(const Event& event, const Filter& filter) {
    if (filter.rule.empty() && filter.code.empty()) return true;
    const auto* finding = std::get_if<FindingPayload>(&event.payload);
    return finding != nullptr && (filter.rule.empty() || has_rule(*finding, filter.rule)) &&
           (filter.code.empty() || equal_ignoring_case(finding->code, filter.code));
}

bool topic_matches(std::string_view filter, std::string_view topic) {
    return !topic.empty() && protocol::matches(filter, topic);
}

bool value_topic_matches(const Event& event, std::string_view filter) {
    std::string topic;
    return any_value(event, [&](const Report& report, const NamedValue& value) {
        topic.assign("$resource/").append(value.alias);
        if (protocol::matches(filter, topic)) return true;
        if (event.type != EventType::data_out) return false;
        topic.append("/").append(std::to_string(report.timestamp_us));
        return protocol::matches(filter, topic);
    });
}

}  // namespace

bool is_about_topic(const Event& event, std::string_view filter) {
    if (const auto* publish = std::get_if<PublishPayload>(&event.payload)) return topic_matches(filter, publish->topic);
    if (const auto* finding = std::get_if<FindingPayload>(&event.payload)) return topic_matches(filter, finding->topic);
    if (const auto* packet = std::get_if<PacketPayload>(&event.payload)) {
        return topic_matches(filter, packet_topic(packet->raw));
    }
    if (const auto* fault = std::get_if<FaultPayload>(&event.payload)) return topic_matches(filter, fault->topic);
    return value_topic_matches(event, filter);
}

namespace {

// A finding or a fault about a refused CONNECT is about whom it meant.
bool is_about_identity(const Event& event, std::string_view identity) {
    if (event.identity == identity) return true;
    std::string_view claimed;
    if (const auto* finding = std::get_if<FindingPayload>(&event.payload)) claimed = finding->claimed_identity;
    if (const auto* fault = std::get_if<FaultPayload>(&event.payload)) claimed = fault->claimed_identity;
    return !claimed.empty() && claimed == identity;
}

bool is_of_fault(const Event& event, const Filter& filter) {
    const auto* fault = std::get_if<FaultPayload>(&event.payload);
    return fault != nullptr && (filter.fault_name.empty() || filter.fault_name == fault->name) &&
           (filter.fault_kind.empty() || filter.fault_kind == fault->kind);
}

bool has_type(const Event& event, std::uint32_t types) {
    return (types >> type_index(event.type) & 1U) != 0;
}

std::string no_type(std::string_view name) {
    std::string message = "there is no event type \"" + std::string(name.substr(0, 64)) + "\"";
    if (const auto near = config::nearest(name, type_names())) return message + "; did you mean \"" + *near + "\"?";
    for (const std::string_view known : type_names()) {
        message.append(known == type_names().front() ? "; the types are " : ", ").append(known);
    }
    return message;
}

std::optional<FilterError> add_types(Filter& filter, std::string_view names) {
    while (!names.empty()) {
        const std::string_view name = names.substr(0, names.find(','));
        const std::optional<EventType> type = parse_type(name);
        if (!type) {
            return FilterError{"type", no_type(name)};
        }
        filter.add_type(*type);
        names.remove_prefix(std::min(names.size(), name.size() + 1));
    }
    return std::nullopt;
}

std::optional<FilterError> set_topic(Filter& filter, std::string_view topic) {
    if (!protocol::valid_topic_filter(topic)) {
        return FilterError{"topic",
                           "this is not an MQTT topic filter: + stands alone between slashes, # alone at the end"};
    }
    filter.topic = topic;
    return std::nullopt;
}

std::optional<FilterError> set_code(Filter& filter, std::string_view code) {
    if (!is_code(code)) {
        return FilterError{"code", "a code is a rule and what was wrong, such as R40.comma_for_point; rule takes R40"};
    }
    filter.code = code;
    return std::nullopt;
}

std::optional<FilterError> set_time(std::optional<std::int64_t>& time, std::string_view name, std::string_view value) {
    std::int64_t us = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), us);
    if (error != std::errc() || end != value.data() + value.size()) {
        return FilterError{std::string(name), "a time is a whole number of microseconds since 1970"};
    }
    time = us;
    return std::nullopt;
}

}  // namespace

void Filter::add_type(EventType type) {
    types |= std::uint32_t{1} << type_index(type);
}

bool ConditionSet::within(std::initializer_list<Condition> some) const {
    std::uint32_t others = bits_;
    for (const Condition one : some) others &= ~bit(one);
    return others == 0;
}

ConditionSet unmet(const Filter& filter, const Event& event) {
    ConditionSet missed;
    const auto need = [&missed](bool holds, Condition condition) {
        if (!holds) missed.add(condition);
    };
    need(filter.types == 0 || has_type(event, filter.types), Condition::type);
    need(filter.connector.empty() || filter.connector == event.connector, Condition::connector);
    need(filter.identity.empty() || is_about_identity(event, filter.identity), Condition::identity);
    need(!filter.from_us || event.timestamp_us >= *filter.from_us, Condition::time);
    need(!filter.to_us || event.timestamp_us <= *filter.to_us, Condition::time);
    need(is_such_a_finding(event, filter), Condition::rule);
    need((filter.fault_name.empty() && filter.fault_kind.empty()) || is_of_fault(event, filter), Condition::fault);
    need(filter.alias.empty() || has_alias(event, filter.alias), Condition::alias);
    need(filter.topic.empty() || is_about_topic(event, filter.topic), Condition::topic);
    return missed;
}

bool matches(const Filter& filter, const Event& event) {
    if (filter.types != 0 && !has_type(event, filter.types)) return false;
    if (!filter.connector.empty() && filter.connector != event.connector) return false;
    if (!filter.identity.empty() && !is_about_identity(event, filter.identity)) return false;
    if (filter.from_us && event.timestamp_us < *filter.from_us) return false;
    if (filter.to_us && event.timestamp_us > *filter.to_us) return false;
    if (!is_such_a_finding(event, filter)) return false;
    if (!filter.alias.empty() && !has_alias(event, filter.alias)) return false;
    if (!(filter.fault_name.empty() && filter.fault_kind.empty()) && !is_of_fault(event, filter)) return false;
    return filter.topic.empty() || is_about_topic(event, filter.topic);
}

std::variant<Applied, FilterError> apply_parameter(Filter& filter, std::string_view name, std::string_view value) {
    std::optional<FilterError> error;
    const bool set = !value.empty();
    if (name == "connector") {
        filter.connector = value;
    } else if (name == "identity") {
        filter.identity = value;
    } else if (name == "alias") {
        filter.alias = value;
    } else if (name == "rule") {
        filter.rule = value;
    } else if (name == "code") {
        if (set) error = set_code(filter, value);
    } else if (name == "name") {
        filter.fault_name = value;
    } else if (name == "kind") {
        filter.fault_kind = value;
    } else if (name == "type") {
        error = add_types(filter, value);
    } else if (name == "topic") {
        if (set) error = set_topic(filter, value);
    } else if (name == "from") {
        if (set) error = set_time(filter.from_us, name, value);
    } else if (name == "to") {
        if (set) error = set_time(filter.to_us, name, value);
    } else {
        return Applied::not_a_filter;
    }
    if (error) return std::move(*error);
    return Applied::yes;
}

std::variant<Filter, FilterError> parse_filter(std::span<const std::pair<std::string, std::string>> parameters) {
    Filter filter;
    for (const auto& [name, value] : parameters) {
        auto applied = apply_parameter(filter, name, value);
        if (auto* error = std::get_if<FilterError>(&applied)) return std::move(*error);
    }
    return filter;
}

}  // namespace journal
