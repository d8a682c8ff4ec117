#include "server/runtime/duration.h"

#include <doctest/doctest.h>

namespace {
std::int64_t us(std::string_view text) {
    const auto parsed = runtime::parse_duration(text);
    REQUIRE_MESSAGE(std::holds_alternative<std::int64_t>(parsed), std::string(text));
    return std::get<std::int64_t>(parsed);
}
std::string error(std::string_view text) {
    const auto parsed = runtime::parse_duration(text);
    REQUIRE_MESSAGE(std::holds_alternative<runtime::DurationError>(parsed), std::string(text));
    return std::get<runtime::DurationError>(parsed).message;
}
bool says(std::string_view text, std::string_view part) {
    return error(text).find(part) != std::string::npos;
}
}  // namespace

TEST_CASE("durations are whole numbers with a unit") {
    CHECK(us("25h") == 90'000'000'000);
    CHECK(us("90s") == 90'000'000);
    CHECK(us("-1h") == -3'600'000'000);
    CHECK(us("+1h") == 3'600'000'000);
    CHECK(us("1d") == 86'400'000'000);
    CHECK(us("500ms") == 500'000);
    CHECK(us("5m") == 300'000'000);
    CHECK(us("7us") == 7);
    CHECK(us("0s") == 0);
    CHECK(us("1h30m") == 5'400'000'000);
    CHECK(us("-1d1us") == -86'400'000'001);
}

TEST_CASE("what is no duration is refused with the reason and an example") {
    CHECK(says("", "no number"));
    CHECK(says("-", "no number"));
    CHECK(says("90", "unit is missing"));
    CHECK(says("1h30", "unit is missing"));
    CHECK(says("90x", "unit is not known"));
    CHECK(says("90 s", "unit is not known"));
    CHECK(says("h", "whole number"));
    CHECK(says("1.5h", "unit is not known"));
    CHECK(says("--1h", "whole number"));
    CHECK(says("1h-5m", "whole number"));
    CHECK(says("99999999999999999999s", "too large"));
    CHECK(says("9223372036854775807s", "too large"));
    CHECK(says("9223372036854775807us1us", "too large"));
    CHECK(says("soon", "\"soon\" is not a duration"));
    CHECK(says("soon", "25h, 90s, 500ms or -1h"));
    CHECK(error(std::string(10'000, '9')).size() < 300);
}
