#include "server/core/day_log.h"

#include "server/core/recorder.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include <doctest/doctest.h>

namespace {

using runtime::LogLevel;

constexpr std::int64_t second = 1'000'000;

struct Day {
    std::string lines;
    runtime::Log log;
    device::DayLog day{log};
    device::Subject device{.connector = "local", .identity = "dev1"};
    std::int64_t now_us = 1'000 * second;

    explicit Day(LogLevel level = LogLevel::info)
        : log(
              level, runtime::LogFormat::text,
              [this](std::string_view text) {
                  lines += text;
                  return true;
              },
              [] { return std::int64_t{0}; }) {}

    runtime::Now now() const { return {now_us, now_us, {}}; }
    void value(std::string_view alias, std::string_view text) {
        const std::array values{journal::NamedValue{alias, text}};
        const std::array reports{journal::Report{0, values}};
        day.values(
            device, {reports}, [](auto plain) { return std::string(plain); }, now());
    }
    void finding(std::string message) {
        day.finding(LogLevel::warn, device, {"R37", journal::Severity::warning, std::move(message), {}}, {}, now());
    }
    std::string taken() { return std::exchange(lines, {}); }
};

TEST_CASE("a value that arrives is a line; a long one is cut, a long report ends in dots") {
    Day day;
    day.value("temperature", "21");
    CHECK(day.taken() == "00:00:00 dev1 data_in temperature=21 connector=local\n");
    day.value("t", std::string(100, 'x'));
    CHECK(day.taken() == "00:00:00 dev1 data_in t=" + std::string(40, 'x') + "… connector=local\n");
}

TEST_CASE("a flood of values is 20 lines a second, and the number of the others") {
    Day day;
    for (int i = 0; i < 100; ++i) day.value("t", "1");
    const auto lines = day.taken();
    CHECK(std::count(lines.begin(), lines.end(), '\n') == 20);
    day.now_us += second;
    day.value("t", "2");
    CHECK(day.taken() ==
          "00:00:00 data_in: more reports without a line reports=80\n"
          "00:00:00 dev1 data_in t=2 connector=local\n");
}

TEST_CASE("a finding that repeats is one line at first, one every 10 s, and one at the end") {
    Day day;
    day.finding("at 100 it went wrong");
    CHECK(day.taken() == "00:00:00 warn  dev1 at 100 it went wrong rule=R37 connector=local\n");
    for (int i = 0; i < 9; ++i) {
        day.now_us += second;
        day.finding("at " + std::to_string(i) + " it went wrong");
    }
    CHECK(day.taken().empty());
    day.now_us += second;
    day.finding("at 200 it went wrong");
    CHECK(day.taken() == "00:00:00 warn  dev1 R37 again, 10 times connector=local\n");
    day.finding("at 201 it went wrong");
    day.finding("something else");
    CHECK(day.taken() == "00:00:00 warn  dev1 something else rule=R37 connector=local\n");
    day.day.left({.connector = "local", .identity = "dev2"});
    CHECK(day.taken().empty());
    day.day.left(day.device);
    CHECK(day.taken() == "00:00:00 warn  dev1 R37 again connector=local\n");
}

TEST_CASE("at level debug every finding has its line") {
    Day day(LogLevel::debug);
    day.finding("wrong");
    day.finding("wrong");
    const auto lines = day.taken();
    CHECK(std::count(lines.begin(), lines.end(), '\n') == 2);
}

TEST_CASE("the memory of repeats is bounded") {
    Day day;
    std::string name = "a";
    for (int i = 0; i < 1'500; ++i) {
        day.finding(name);
        name.push_back(static_cast<char>('a' + i % 26));
    }
    const auto lines = day.taken();
    CHECK(std::count(lines.begin(), lines.end(), '\n') == 1'500);
}

}  // namespace
