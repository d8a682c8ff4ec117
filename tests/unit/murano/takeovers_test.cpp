#include "server/murano/takeovers.h"

#include <doctest/doctest.h>

namespace {

constexpr std::int64_t second = 1'000'000;

}  // namespace

TEST_CASE("[R22] more than three takeovers within ten seconds leave one finding for the episode") {
    murano::Takeovers takeovers;
    for (int i = 0; i < 3; ++i) CHECK_FALSE(takeovers.note("c", "10.0.0.1", "10.0.0.2", i * second).has_value());
    const auto finding = takeovers.note("c", "10.0.0.1", "10.0.0.2", 4 * second);
    REQUIRE(finding.has_value());
    CHECK(finding->code == "R22.takeover_fight");
    CHECK(finding->message.find("4 takeovers of the ClientID 'c' within 10 s, from 10.0.0.1 and 10.0.0.2") !=
          std::string::npos);
    for (int i = 5; i < 40; ++i) CHECK_FALSE(takeovers.note("c", "10.0.0.1", "10.0.0.2", i * second).has_value());
}

TEST_CASE("[R22] another ClientID is another fight") {
    murano::Takeovers takeovers;
    for (int i = 0; i < 3; ++i) CHECK_FALSE(takeovers.note("c", "a", "b", i).has_value());
    CHECK_FALSE(takeovers.note("d", "a", "b", 3).has_value());
}

TEST_CASE("[R22] slow takeovers are no fight, and a quiet time ends an episode") {
    murano::Takeovers takeovers;
    for (int i = 0; i < 20; ++i) CHECK_FALSE(takeovers.note("c", "a", "b", i * 4 * second).has_value());
    const std::int64_t later = 1'000 * second;
    for (int i = 0; i < 3; ++i) CHECK_FALSE(takeovers.note("c", "a", "b", later + i).has_value());
    CHECK(takeovers.note("c", "a", "b", later + 3).has_value());
    const std::int64_t again = 2'000 * second;
    for (int i = 0; i < 3; ++i) CHECK_FALSE(takeovers.note("c", "a", "b", again + i).has_value());
    CHECK(takeovers.note("c", "a", "b", again + 3).has_value());
}
