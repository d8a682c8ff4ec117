#include "server/simulator/generator.h"

#include "config/json_tree.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <numbers>

namespace simulator {
namespace {

using config::ResourceFormat;

Value number(double value, int decimals) {
    return {number_text(value, decimals), ResourceFormat::number};
}

struct Starting {
    Memory& memory;
    Chance& chance;

    void operator()(const Sine& sine) const { memory.slots.at(sine.slot) = chance.between(0, 2 * std::numbers::pi); }
    void operator()(const RandomWalk& walk) const { memory.slots.at(walk.slot) = walk.start; }
    void operator()(const Follow& follow) const { memory.slots.at(follow.slot) = follow.start; }
    void operator()(const Members& members) const {
        for (const auto& [name, generator] : members.members) std::visit(*this, generator.what);
    }
    void operator()(const Constant&) const {}
    void operator()(const Steps&) const {}
};

struct Making {
    Moments moments;
    const Settings& settings;
    Memory& memory;
    Chance& chance;

    Value operator()(const Constant& constant) const { return constant.value; }
    Value operator()(const Sine& sine) const {
        const double turn = 2 * std::numbers::pi * moments.now_s / sine.period_s;
        return number(sine.mean + sine.amplitude * std::sin(turn + memory.slots.at(sine.slot)), sine.decimals);
    }
    Value operator()(const RandomWalk& walk) const {
        double& at = memory.slots.at(walk.slot);
        at = std::clamp(at + chance.between(-walk.step, walk.step), walk.least, walk.most);
        return number(at, walk.decimals);
    }
    Value operator()(const Steps& steps) const {
        const auto step = static_cast<std::uint64_t>(moments.now_s / steps.every_s);
        return steps.values.at(step % steps.values.size());
    }
    Value operator()(const Follow& follow) const {
        double& at = memory.slots.at(follow.slot);
        const double most = follow.rate_per_s * std::max(0.0, moments.now_s - moments.last_s);
        at += std::clamp(wanted(follow) - at, -most, most);
        return number(at, follow.decimals);
    }
    Value operator()(const Members& members) const {
        std::string text = "{";
        for (const auto& [name, generator] : members.members) {
            if (text.size() > 1) text += ",";
            text += config::to_json_text(config::JsonNode::of(std::string_view(name))) + ":";
            text += json_text(std::visit(*this, generator.what));
        }
        return {text + "}", ResourceFormat::string};
    }

  private:
    // As long as the setting has no number it stays where it begins.
    double wanted(const Follow& follow) const {
        const auto found = settings.find(follow.setting);
        double value = follow.start;
        if (found != settings.end()) {
            const auto& text = found->second;
            std::from_chars(text.data(), text.data() + text.size(), value);
        }
        return value;
    }
};

}  // namespace

void begin(const Generator& generator, Memory& memory, Chance& chance) {
    std::visit(Starting{memory, chance}, generator.what);
}

Value next_value(const Generator& generator, Moments moments, const Settings& settings, Memory& memory,
                 Chance& chance) {
    return std::visit(Making{moments, settings, memory, chance}, generator.what);
}

std::string number_text(double number, int decimals) {
    std::array<char, 400> text{};  // 1e308 has 309 digits
    const auto end =
        std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed, decimals).ptr;
    return {text.data(), end};
}

std::string json_text(const Value& value) {
    if (value.format != ResourceFormat::string) return value.text;
    return config::to_json_text(config::JsonNode::of(std::string_view(value.text)));
}

}  // namespace simulator
