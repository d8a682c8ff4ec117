#include "server/runtime/random.h"

#include <algorithm>
#include <array>
#include <set>
#include <stdexcept>

#include <doctest/doctest.h>

using runtime::Random;

TEST_CASE("the same seed gives the same choices, another seed others") {
    Random one = Random::from_seed(42);
    Random two = Random::from_seed(42);
    Random other = Random::from_seed(43);
    const std::string first = one.connection_id();
    CHECK(first == two.connection_id());
    CHECK(first != other.connection_id());
    CHECK(one.alphanumeric(40) == two.alphanumeric(40));
    CHECK(one.connection_id() != first);
}

TEST_CASE("seed 1 means the same on every machine") {
    Random random = Random::from_seed(1);
    std::array<unsigned char, 10> bytes{};
    random.fill(bytes);
    std::mt19937_64 engine(1);
    const std::uint64_t first = engine();
    const std::uint64_t second = engine();
    for (std::size_t i = 0; i < 8; ++i) CHECK(bytes.at(i) == ((first >> (8 * i)) & 0xFF));
    CHECK(bytes[8] == (second & 0xFF));
    CHECK(bytes[9] == ((second >> 8) & 0xFF));
}

TEST_CASE("connection ids are 20 characters of a-z and 0-9, and differ") {
    Random random = Random::from_system();
    std::set<std::string> seen;
    for (int i = 0; i < 1000; ++i) {
        const std::string id = random.connection_id();
        CHECK(id.size() == 20);
        CHECK(
            std::all_of(id.begin(), id.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }));
        seen.insert(id);
    }
    CHECK(seen.size() == 1000);
}

TEST_CASE("[R48] 40 characters of letters and digits, all of them in use and none favoured") {
    Random random = Random::from_seed(7);
    std::array<std::size_t, 256> counts{};
    for (int i = 0; i < 1000; ++i) {
        const std::string token = random.alphanumeric(40);
        REQUIRE(token.size() == 40);
        for (const char c : token) ++counts.at(static_cast<unsigned char>(c));
    }
    std::size_t used = 0;
    for (std::size_t c = 0; c < counts.size(); ++c) {
        if (counts.at(c) == 0) continue;
        ++used;
        // 40,000 / 62 = 645 expected; a bias by the rest of 256 / 62 would give the first eight 781 and the others 625.
        CHECK(counts.at(c) > 540);
        CHECK(counts.at(c) < 750);
    }
    CHECK(used == 62);
}

TEST_CASE("an alphabet has 1 to 256 characters") {
    Random random = Random::from_seed(1);
    CHECK(random.text(3, "x") == "xxx");
    CHECK(random.text(0, "x").empty());
    CHECK_THROWS_AS(random.text(1, ""), std::invalid_argument);
    CHECK_THROWS_AS(random.text(1, std::string(257, 'x')), std::invalid_argument);
}
