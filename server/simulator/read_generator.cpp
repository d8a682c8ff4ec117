#include "server/simulator/read_generator.h"

#include "config/resource_json.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace simulator {
namespace {

using config::JsonNode;
using config::ObjectReader;
using config::ResourceFormat;

constexpr Bounds any_number{-1e15, 1e15};
constexpr Bounds any_time_s{0.001, 1e9};
constexpr double most_decimals = 9;
constexpr std::size_t most_members = 1'000;

constexpr std::array<std::string_view, 6> kinds{"constant", "sine", "random_walk", "steps", "follow", "members"};

std::string words(std::string_view begin, double number) {
    std::array<char, 32> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed).ptr;
    return std::string(begin).append(text.data(), end);
}

void read_decimals(ObjectReader& from, int& decimals) {
    double number = decimals;
    read_number(from, "decimals", {0, most_decimals}, number);
    decimals = static_cast<int>(number);
}

// "a string, a number, true or false" as it stands.
bool read_value(const JsonNode& node, const std::string& path, const ObjectReader& at, Value& value) {
    const auto scalar = config::scalar_of(node);
    if (!scalar) {
        at.wrong(node, path, "a string, a number, true or false");
        return false;
    }
    const auto bare = node.is(JsonNode::Kind::number) ? ResourceFormat::number : ResourceFormat::boolean;
    value = {scalar->text, scalar->quoted ? ResourceFormat::string : bare};
    return true;
}

Sine read_sine(ObjectReader from, std::size_t slot) {
    Sine sine;
    sine.slot = slot;
    read_number(from, "mean", any_number, sine.mean);
    read_number(from, "amplitude", any_number, sine.amplitude);
    read_number(from, "period_s", any_time_s, sine.period_s);
    read_decimals(from, sine.decimals);
    from.finish();
    return sine;
}

RandomWalk read_walk(ObjectReader from, std::size_t slot) {
    RandomWalk walk;
    walk.slot = slot;
    read_number(from, "least", any_number, walk.least);
    read_number(from, "most", {walk.least, any_number.most}, walk.most);
    walk.most = std::max(walk.least, walk.most);
    walk.start = std::clamp(walk.start, walk.least, walk.most);
    read_number(from, "start", {walk.least, walk.most}, walk.start);
    read_number(from, "step", {0, any_number.most}, walk.step);
    read_decimals(from, walk.decimals);
    from.finish();
    return walk;
}

Follow read_follow(ObjectReader from, std::size_t slot) {
    Follow follow;
    follow.slot = slot;
    from.read("setting", follow.setting);
    if (from.node() != nullptr && from.node()->find("setting") == nullptr)
        from.context().error(from.node()->offset, from.path_of("setting"), "the setting's alias is missing");
    read_number(from, "start", any_number, follow.start);
    read_number(from, "rate_per_s", {0, any_number.most}, follow.rate_per_s);
    read_decimals(from, follow.decimals);
    from.finish();
    return follow;
}

Steps read_steps(ObjectReader from) {
    Steps steps;
    read_number(from, "every_s", any_time_s, steps.every_s);
    const JsonNode* values = from.find("values");
    if (values == nullptr) {
        if (from.node() != nullptr)
            from.context().error(from.node()->offset, from.path_of("values"), "the list of values is missing");
    } else if (!values->is(JsonNode::Kind::array) || values->items.empty()) {
        from.wrong(*values, from.path_of("values"), "an array of one value at least");
    } else {
        for (std::size_t i = 0; i < values->items.size(); ++i) {
            Value value;
            if (read_value(values->items[i], config::item_path(from.path_of("values"), i), from, value))
                steps.values.push_back(std::move(value));
        }
    }
    from.finish();
    return steps;
}

Members read_members(ObjectReader from, std::size_t& slots) {
    Members members;
    if (from.node() == nullptr) return members;
    if (from.node()->members.size() > most_members) {
        from.wrong(*from.node(), from.path(), "at most " + std::to_string(most_members) + " members");
        return members;
    }
    for (const auto& member : from.node()->members) {
        ObjectReader each = from.child(member.key);
        members.members.push_back({member.key, read_generator(each, slots)});
    }
    return members;
}

}  // namespace

void read_number(ObjectReader& from, std::string_view key, Bounds bounds, double& value) {
    const JsonNode* node = from.find(key);
    if (node == nullptr) return;
    double number = 0;
    const auto& text = node->text;
    const bool is_number = node->is(JsonNode::Kind::number) &&
                           std::from_chars(text.data(), text.data() + text.size(), number).ec == std::errc{};
    if (!is_number || number < bounds.least || number > bounds.most)
        return from.wrong(*node, from.path_of(key), words("a number from ", bounds.least) + words(" to ", bounds.most));
    value = number;
}

Generator read_generator(ObjectReader& reader, std::size_t& slots) {
    const JsonNode* node = reader.node();
    if (node == nullptr) return {};
    const auto known =
        std::find_if(kinds.begin(), kinds.end(), [&](std::string_view kind) { return node->find(kind) != nullptr; });
    if (known == kinds.end() || node->members.size() != 1) {
        // An unknown name is told with the nearest one.
        for (const auto kind : kinds) reader.ignore(kind);
        const auto before = reader.context().problems.error_count();
        reader.finish();
        if (reader.context().problems.error_count() == before)
            reader.wrong(*node, reader.path(), "one of constant, sine, random_walk, steps, follow, members");
        return {};
    }
    if (*known == "sine") return {read_sine(reader.child("sine"), slots++)};
    if (*known == "random_walk") return {read_walk(reader.child("random_walk"), slots++)};
    if (*known == "follow") return {read_follow(reader.child("follow"), slots++)};
    if (*known == "steps") return {read_steps(reader.child("steps"))};
    if (*known == "members") return {read_members(reader.child("members"), slots)};
    Constant constant;
    read_value(*reader.find("constant"), reader.path_of("constant"), reader, constant.value);
    return {std::move(constant)};
}

}  // namespace simulator
