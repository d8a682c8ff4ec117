#include "server/net/bare_connects.h"

#include <doctest/doctest.h>

namespace {

using net::BareConnects;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr BareConnects::TimePoint start{};

}  // namespace

TEST_CASE("[R1] the first bare connection of an address is told, the next ones are counted for ten minutes") {
    BareConnects bare;
    CHECK(bare.note("10.0.0.1", start) == 1);
    for (int i = 1; i <= 119; ++i) CHECK(bare.note("10.0.0.1", start + seconds(5 * i)) == 0);
    CHECK(bare.note("10.0.0.1", start + minutes(10)) == 120);
    CHECK(bare.note("10.0.0.1", start + minutes(11)) == 0);
}

TEST_CASE("addresses are told apart") {
    BareConnects bare;
    CHECK(bare.note("10.0.0.1", start) == 1);
    CHECK(bare.note("10.0.0.2", start) == 1);
    CHECK(bare.note("10.0.0.1", start) == 0);
}

TEST_CASE("however many addresses come, those told of longest ago are forgotten first") {
    BareConnects bare;
    for (int i = 0; i < 257; ++i) CHECK(bare.note("10.0.1." + std::to_string(i), start + seconds(i)) == 1);
    CHECK(bare.note("10.0.1.256", start + seconds(300)) == 0);
    CHECK(bare.note("10.0.1.0", start + seconds(300)) == 1);
}
