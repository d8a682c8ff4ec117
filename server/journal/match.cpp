#include "server/journal/match.h"

#include "config/nearest.h"
#include "server/journal/event_names.h"
#include "server/journal/finding_code.h"

#include <algorithm>

namespace journal {
namespace {

using enum Condition;

// The kinds of near miss, nearest first.
enum Nearness : unsigned {
    other_payload,
    misspelt_alias,
    other_time,
    finding_about_it,
    misspelt_alias_and_payload,
    other_alias,
    other_identity,
    other_rule,
    other_topic,
    other_connector,
    other_type,
    finding_of_the_device,
    finding_of_no_connector,
    another_event,
    finding_of_another_connector
};

// The alias in the event that `wanted` was probably meant to be; empty: none is near.
std::string_view near_alias(const Event& event, std::string_view wanted) {
    std::string_view best;
    if (wanted.size() > config::longest_suggested_name) return best;
    const auto* data = std::get_if<DataPayload>(&event.payload);
    if (data == nullptr) return best;
    std::size_t best_distance = config::suggestion_limit(wanted) + 1;
    for (const Report& report : data->reports) {
        for (const NamedValue& value : report.values) {
            if (value.alias.size() > config::longest_suggested_name) continue;
            const std::size_t distance = config::edit_distance(wanted, value.alias);
            if (distance >= best_distance) continue;
            best = value.alias;
            best_distance = distance;
        }
    }
    return best;
}

ConditionSet missed_by(const Match& match, const Recorded& recorded) {
    ConditionSet missed = unmet(match.filter, recorded.event);
    if (!holds(match.payload, recorded, missed.has(alias) ? std::string_view() : match.filter.alias)) {
        missed.add(payload);
    }
    return missed;
}

bool names_more_than_the_type(const Match& match) {
    const Filter& filter = match.filter;
    return !filter.identity.empty() || !filter.alias.empty() || !filter.topic.empty() || !filter.rule.empty() ||
           !filter.code.empty() || !filter.fault_name.empty() || !filter.fault_kind.empty() || !match.payload.empty();
}

// A finding that may say why what was waited for did not come.
const FindingPayload* finding_instead(const Event& event, const ConditionSet& missed) {
    if (!missed.has(type) || missed.has(connector) || missed.has(identity) || missed.has(time)) return nullptr;
    return std::get_if<FindingPayload>(&event.payload);
}

// A finding in another place than the one that was meant: the device may have gone there. Nothing is known of it but
// that it came in this time.
const FindingPayload* finding_elsewhere(const Event& event, const ConditionSet& missed) {
    if (!missed.has(connector) || missed.has(time)) return nullptr;
    const auto* finding = std::get_if<FindingPayload>(&event.payload);
    return finding != nullptr && finding->severity != Severity::info ? finding : nullptr;
}

bool is_about(const Match& match, const Event& event) {
    if (!match.filter.topic.empty()) return is_about_topic(event, match.filter.topic);
    if (match.filter.alias.empty()) return false;
    const std::string topic = "$resource/" + match.filter.alias;
    return is_about_topic(event, topic);
}

std::optional<unsigned> single_miss(const Match& match, const Event& event, const ConditionSet& missed) {
    if (missed.only(payload)) return other_payload;
    if (missed.only(time)) return other_time;
    if (missed.only(alias)) return near_alias(event, match.filter.alias).empty() ? other_alias : misspelt_alias;
    if (missed.only(identity)) return other_identity;
    if (missed.only(rule) || missed.only(fault)) return other_rule;
    if (missed.only(topic)) return other_topic;
    if (missed.only(connector) && names_more_than_the_type(match)) return other_connector;
    if (missed.only(type) && names_more_than_the_type(match)) return other_type;
    return std::nullopt;
}

std::string payload_difference(const Match& match, const Recorded& recorded, std::string_view of_alias) {
    std::string clause;
    any_text(recorded, of_alias, [&](const EventText& text) {
        if (!clause.empty()) clause += ", ";
        if (!text.alias.empty()) clause += quoted(text.alias) + ": ";
        clause += difference(match.payload, text);
        return clause.size() > 300;  // enough to understand
    });
    return clause;
}

std::string aliases_of(const Event& event) {
    std::string list;
    const auto* data = std::get_if<DataPayload>(&event.payload);
    if (data == nullptr) return "nothing";
    for (const Report& report : data->reports) {
        for (const NamedValue& value : report.values) {
            if (list.size() > 200) return list + ", …";
            list.append(list.empty() ? "" : ", ").append(quoted(value.alias));
        }
    }
    return list;
}

std::string alias_difference(const Match& match, const Event& event) {
    const std::string_view near = near_alias(event, match.filter.alias);
    if (near.empty()) return "it has " + aliases_of(event) + ", not " + quoted(match.filter.alias);
    return "it has " + quoted(near) + ", which is spelled nearly like " + quoted(match.filter.alias);
}

std::string time_difference(const Match& match, const Event& event) {
    if (match.filter.from_us && event.timestamp_us < *match.filter.from_us) {
        return "it came " + std::to_string(*match.filter.from_us - event.timestamp_us) + " µs too early, before from";
    }
    return "it came " + std::to_string(event.timestamp_us - match.filter.to_us.value_or(0)) + " µs too late, after to";
}

std::string topic_of(const Event& event) {
    if (const auto* publish = std::get_if<PublishPayload>(&event.payload)) return "topic is " + quoted(publish->topic);
    if (const auto* finding = std::get_if<FindingPayload>(&event.payload)) return "topic is " + quoted(finding->topic);
    if (const auto* hit = std::get_if<FaultPayload>(&event.payload)) return "topic is " + quoted(hit->topic);
    return "topic";
}

std::string rule_difference(const Filter& filter, const Event& event) {
    const auto* finding = std::get_if<FindingPayload>(&event.payload);
    const auto& wanted = filter.code.empty() ? filter.rule : filter.code;
    const std::string_view code = finding == nullptr ? "none" : finding->code;
    if (is_code(wanted)) return "its code is " + std::string(code) + ", not " + wanted;
    return "its rule is " + std::string(rule_of(code)) + ", not " + wanted;
}

std::string fault_difference(const Filter& filter, const Event& event) {
    const auto* hit = std::get_if<FaultPayload>(&event.payload);
    if (hit == nullptr) return "it is of no fault";
    if (!filter.fault_name.empty() && filter.fault_name != hit->name) {
        return "it is of the fault " + quoted(hit->name) + ", not " + quoted(filter.fault_name);
    }
    return "it is of a fault of kind " + quoted(hit->kind) + ", not " + quoted(filter.fault_kind);
}

std::string of_whom(std::string_view name) {
    return name.empty() ? "nobody known" : quoted(name);
}

std::string told_elsewhere(const Event& event, const FindingPayload& finding) {
    const std::string who = event.connector.empty() ? "a connection that named no connector"
                                                    : "a device of the connector " + quoted(event.connector);
    return who + " broke a rule, " + std::string(finding.code) + ": " + std::string(finding.message);
}

std::string clause(const Match& match, const Recorded& recorded, Condition condition, bool any_alias) {
    const Event& event = recorded.event;
    const Filter& filter = match.filter;
    switch (condition) {
        case type:
            return "it is of type " + std::string(type_name(event.type));
        case connector:
            return "it is of connector " + quoted(event.connector) + ", not " + quoted(filter.connector);
        case identity:
            return "it is of identity " + of_whom(event.identity) + ", not " + quoted(filter.identity);
        case time:
            return time_difference(match, event);
        case rule:
            return rule_difference(filter, event);
        case fault:
            return fault_difference(filter, event);
        case alias:
            return alias_difference(match, event);
        case topic:
            return "its " + topic_of(event) + " does not match " + quoted(filter.topic);
        case payload:
            return payload_difference(match, recorded, any_alias ? std::string_view() : std::string_view(filter.alias));
    }
    return {};
}

}  // namespace

bool matches(const Match& match, const Recorded& recorded) {
    return matches(match.filter, recorded.event) && holds(match.payload, recorded, match.filter.alias);
}

std::optional<unsigned> nearness(const Match& match, const Recorded& recorded) {
    const Event& event = recorded.event;
    const ConditionSet missed = missed_by(match, recorded);
    if (const auto* finding = finding_instead(event, missed)) {
        if (is_about(match, event)) return finding_about_it;
        if (!match.filter.identity.empty() && finding->severity != Severity::info) return finding_of_the_device;
        return std::nullopt;
    }
    if (const auto single = single_miss(match, event, missed)) return single;
    if (finding_elsewhere(event, missed) != nullptr) {
        return event.connector.empty() ? finding_of_no_connector : finding_of_another_connector;
    }
    const bool right_place = !missed.has(connector) && !missed.has(identity) && !missed.has(type);
    if (missed.within({alias, payload})) {
        return near_alias(event, match.filter.alias).empty() ? another_event : misspelt_alias_and_payload;
    }
    if (right_place && names_more_than_the_type(match)) return another_event;
    return std::nullopt;
}

std::string why_not(const Match& match, const Recorded& recorded) {
    const ConditionSet missed = missed_by(match, recorded);
    if (const auto* finding = finding_instead(recorded.event, missed)) {
        return "the device broke a rule instead, " + std::string(finding->code) + ": " + std::string(finding->message);
    }
    if (const auto* finding = finding_elsewhere(recorded.event, missed))
        return told_elsewhere(recorded.event, *finding);
    std::string sentence;
    for (const Condition one : {type, connector, identity, rule, fault, topic, alias, payload, time}) {
        if (!missed.has(one)) continue;
        if (!sentence.empty()) sentence += ", and ";
        sentence += clause(match, recorded, one, missed.has(alias));
    }
    return sentence;
}

}  // namespace journal
