#include "server/simulator/generator.h"

#include "config/json_tree.h"

#include <doctest/doctest.h>

using simulator::Chance;
using simulator::Generator;
using simulator::Memory;
using simulator::Settings;
using simulator::Value;

namespace {

struct Source {
    explicit Source(Generator from) : generator(std::move(from)) { simulator::begin(generator, memory, chance); }

    Value at(double now_s, const Settings& settings = {}) {
        const double before = last_s;
        last_s = now_s;
        return simulator::next_value(generator, {now_s, before}, settings, memory, chance);
    }
    double number_at(double now_s, const Settings& settings = {}) { return std::stod(at(now_s, settings).text); }

    Generator generator;
    Memory memory{std::vector<double>(2)};
    Chance chance{5};
    double last_s = 0;
};

}  // namespace

TEST_CASE("a sine stays around its mean, and comes back after its period") {
    Source source(Generator{simulator::Sine{.mean = 20, .amplitude = 2, .period_s = 100, .decimals = 4}});
    const double first = source.number_at(0);
    double least = first, most = first;
    for (int i = 1; i < 100; ++i) {
        const double value = source.number_at(i);
        least = std::min(least, value);
        most = std::max(most, value);
    }
    CHECK(least == doctest::Approx(18).epsilon(0.01));
    CHECK(most == doctest::Approx(22).epsilon(0.01));
    CHECK(source.number_at(100) == doctest::Approx(first));
}

TEST_CASE("a random walk moves by its step at most, and stays within its bounds") {
    Source source(Generator{simulator::RandomWalk{.start = 5, .step = 1, .least = 4, .most = 6, .decimals = 6}});
    double before = 5;
    bool moved = false;
    for (int i = 0; i < 1'000; ++i) {
        const double value = source.number_at(i);
        CHECK(std::abs(value - before) <= 1.000001);
        CHECK(value >= 4);
        CHECK(value <= 6);
        moved |= value != before;
        before = value;
    }
    CHECK(moved);
}

TEST_CASE("steps go round") {
    Source source(Generator{simulator::Steps{.values = {{"a"}, {"b"}, {"c"}}, .every_s = 10}});
    CHECK(source.at(0).text == "a");
    CHECK(source.at(9.9).text == "a");
    CHECK(source.at(10).text == "b");
    CHECK(source.at(35).text == "a");
}

TEST_CASE("a value follows its setting at its rate, and stays where the setting is no number") {
    Source source(Generator{simulator::Follow{.setting = "setpoint", .start = 18, .rate_per_s = 0.5, .decimals = 1}});
    CHECK(source.at(0).text == "18.0");
    CHECK(source.at(10).text == "18.0");
    const Settings settings{{"setpoint", "20"}};
    CHECK(source.at(12, settings).text == "19.0");
    CHECK(source.at(100, settings).text == "20.0");
    CHECK(source.at(101, {{"setpoint", "warm"}}).text == "19.5");
}

TEST_CASE("members are a JSON text; strings in it are quoted, numbers are as they stand") {
    simulator::Members members;
    members.members.push_back({"0\"1", Generator{simulator::Constant{{"21.50", config::ResourceFormat::number}}}});
    members.members.push_back({"s", Generator{simulator::Constant{{"a\"b", config::ResourceFormat::string}}}});
    Source source(Generator{members});
    const auto value = source.at(0);
    CHECK(value.text == R"({"0\"1":21.50,"s":"a\"b"})");
    CHECK(config::parse_json(value.text, config::JsonDialect::strict).faults.empty());
}

TEST_CASE("numbers are JSON's, whatever they are") {
    CHECK(simulator::number_text(21, 2) == "21.00");
    CHECK(simulator::number_text(-0.5, 0) == "-0");
    CHECK(simulator::number_text(1e15, 9) == "1000000000000000.000000000");
}
