#include "server/verdict/suite/read_steps.h"

#include "protocol/topic_filter.h"
#include "server/faults/fault_json.h"
#include "server/journal/match_json.h"
#include "server/runtime/duration.h"

#include <algorithm>
#include <array>
#include <string>

namespace verdict::suite {

namespace {

using config::JsonNode;
using config::ObjectReader;

constexpr Moment longest = std::chrono::hours(24 * 366);

// Of a key that is there.
std::optional<Moment> read_span(ObjectReader& from, std::string_view key) {
    const JsonNode* node = from.find(key);
    if (node == nullptr) return std::nullopt;
    if (!node->is(JsonNode::Kind::string)) {
        from.wrong(*node, from.path_of(key), "a duration such as \"5s\" or \"25h\"");
        return std::nullopt;
    }
    const auto read = runtime::parse_duration(node->text);
    if (const auto* error = std::get_if<runtime::DurationError>(&read)) {
        from.context().error(node->offset, from.path_of(key), error->message);
        return std::nullopt;
    }
    const Moment span(std::get<std::int64_t>(read));
    if (span <= Moment{0} || span > longest) {
        from.wrong(*node, from.path_of(key), "a duration above 0, of a year at most");
        return std::nullopt;
    }
    return span;
}

std::optional<Set> read_set(ObjectReader& step) {
    ObjectReader values = step.child("set");
    Set set;
    if (values.node() == nullptr) return std::nullopt;
    for (const auto& member : values.node()->members) {
        const JsonNode& value = member.value;
        const bool plain = value.is(JsonNode::Kind::string) || value.is(JsonNode::Kind::number);
        if (plain || value.is(JsonNode::Kind::boolean))
            set.values.emplace_back(member.key, plain ? value.text : value.truth ? "true" : "false");
        else
            values.wrong(value, values.path_of(member.key), "a string, a number, true or false");
    }
    if (values.node()->members.empty()) values.wrong(*values.node(), values.path(), "an alias and its value");
    return set;
}

// Whom it strikes is the run's to say.
std::optional<Fault> read_fault_step(ObjectReader& step) {
    const JsonNode* node = step.find("fault");
    const std::string path = step.path_of("fault");
    if (node->is(JsonNode::Kind::object)) {
        for (const auto& member : node->members)
            if (std::ranges::find(whom_keys, member.key) != whom_keys.end())
                step.context().error(member.key_offset, config::child_path(path, member.key),
                                     "the run strikes its own device: leave it out");
    }
    const std::size_t before = step.context().problems.error_count();
    if (!faults::read_fault(*node, path, step.context()) || step.context().problems.error_count() != before)
        return std::nullopt;
    return Fault{config::to_json_text(*node)};
}

std::optional<Publish> read_publish(ObjectReader& step) {
    ObjectReader from = step.child("publish");
    Publish publish;
    from.read("topic", publish.topic);
    from.read("payload", publish.payload);
    from.finish();
    if (from.node() == nullptr) return std::nullopt;
    const JsonNode* topic = from.node()->find("topic");
    if (topic == nullptr) {
        step.context().error(from.node()->offset, from.path(), "the topic is missing");
    } else if (topic->is(JsonNode::Kind::string) && !protocol::valid_topic_name(publish.topic)) {
        from.wrong(*topic, from.path_of("topic"), "a topic that a PUBLISH may carry: not empty, without + and #");
    }
    return publish;
}

std::optional<Hook> read_hook(ObjectReader& step) {
    Hook hook;
    step.read("hook", hook.name);
    const JsonNode* node = step.find("hook");
    if (node->is(JsonNode::Kind::string) && hook.name.empty()) step.wrong(*node, step.path_of("hook"), "a hook's name");
    return hook;
}

// Steps that take nothing are written with `true`.
template <typename T>
std::optional<T> read_bare(ObjectReader& step, std::string_view key) {
    const JsonNode* node = step.find(key);
    if (node->is(JsonNode::Kind::boolean) && node->truth) return T{};
    step.wrong(*node, step.path_of(key), "true");
    return std::nullopt;
}

template <typename T>
void put(Step& step, std::optional<T> what) {
    if (what) step.what = *std::move(what);
}

void read_action(ObjectReader& from, std::string_view name, Step& step) {
    if (name == "set") put(step, read_set(from));
    if (name == "expect") {
        Expect expect{journal::read_match(from.child("expect"))};
        if (const auto within = read_span(from, "within")) expect.within = *within;
        step.what = std::move(expect);
    }
    if (name == "never") {
        Never never{journal::read_match(from.child("never"))};
        if (const auto span = read_span(from, "for")) never.span = *span;
        step.what = std::move(never);
    }
    if (name == "fault") put(step, read_fault_step(from));
    if (name == "clear") put(step, read_bare<Clear>(from, name));
    if (name == "disconnect") put(step, read_bare<Disconnect>(from, name));
    if (name == "publish") put(step, read_publish(from));
    if (name == "hook") put(step, read_hook(from));
    const bool time = name == "advance" || name == "wait";
    const auto span = time ? read_span(from, name) : std::nullopt;
    if (span && name == "advance") step.what = Advance{*span};
    if (span && name == "wait") step.what = Wait{*span};
}

void no_action(ObjectReader& from) {
    std::string listed;
    for (const StepRow& row : step_table()) {
        listed.append(listed.empty() ? "" : ", ").append(row.name);
        from.ignore(row.name);  // what stands there is told as an unknown key, with the nearest name
    }
    if (from.node()->members.empty())
        from.context().error(from.node()->offset, from.path(), "a step does one of " + listed);
}

void read_step(ObjectReader from, std::vector<Step>& steps) {
    if (from.node() == nullptr) return;
    Step step;
    from.read("hint", step.hint);
    std::string_view first;
    for (const auto& member : from.node()->members) {
        const auto found = std::ranges::find(step_table(), member.key, &StepRow::name);
        if (found == step_table().end()) continue;
        if (first.empty()) {
            first = found->name;
        } else {
            from.context().error(member.key_offset, from.path_of(member.key),
                                 "a step does one thing, and this one has " + std::string(first) + " already");
            from.ignore(member.key);
        }
    }
    if (first.empty()) no_action(from);
    read_action(from, first, step);
    from.finish();
    steps.push_back(std::move(step));
}

}  // namespace

std::vector<Step> read_steps(ObjectReader& check) {
    std::vector<Step> steps;
    const JsonNode* list = check.find("steps");
    const std::string path = check.path_of("steps");
    if (!list->is(JsonNode::Kind::array) || list->items.empty() || list->items.size() > most_steps) {
        check.wrong(*list, path, "an array of 1 to " + std::to_string(most_steps) + " steps");
        return steps;
    }
    for (std::size_t i = 0; i < list->items.size(); ++i)
        read_step(ObjectReader(&list->items[i], config::item_path(path, i), check.context()), steps);
    return steps;
}

}  // namespace verdict::suite
