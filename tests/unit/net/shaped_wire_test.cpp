#include "server/net/shaped_wire.h"

#include <doctest/doctest.h>

using net::Way;
using net::WayShape;
using namespace std::chrono_literals;

namespace {

const Way::TimePoint start{};

WayShape delayed(std::chrono::milliseconds delay) {
    WayShape shape;
    shape.delays.push_back({delay, 0ms, faults::Generator(1, "x")});
    return shape;
}

std::string taken(Way& way, Way::TimePoint now) {
    std::string all;
    for (auto bytes = way.ready(now); !bytes.empty(); bytes = way.ready(now)) {
        all += bytes;
        way.passed(bytes.size(), now);
    }
    return all;
}

}  // namespace

TEST_CASE("delays add up, and bytes keep their order") {
    Way way;
    auto shape = delayed(10ms);
    shape.delays.push_back({5ms, 0ms, faults::Generator(2, "y")});
    way.shape(std::move(shape), start);
    way.add("ab", start);
    way.add("c", start + 1ms);
    CHECK(way.next() == start + 15ms);
    CHECK(taken(way, start + 14ms).empty());
    CHECK(taken(way, start + 15ms) == "ab");
    CHECK(taken(way, start + 16ms) == "c");
    CHECK(way.empty());
}

TEST_CASE("what a delay held leaves at once when it is gone") {
    Way way;
    way.shape(delayed(60s), start);
    way.add("abc", start);
    way.shape({}, start + 1ms);
    CHECK(taken(way, start + 1ms) == "abc");
}

TEST_CASE("a rate is held over time, one byte a second too") {
    for (const std::uint64_t rate : {1U, 50U, 1'000U, 100'000U}) {
        Way way;
        WayShape shape;
        shape.bytes_per_s = rate;
        way.shape(std::move(shape), start);
        way.add(std::string(1'000'000, 'x'), start);
        std::size_t passed = 0;
        for (auto time = 0ms; time <= 10s; time += 10ms) passed += taken(way, start + time).size();
        const auto wanted = static_cast<double>(rate * 10);
        CHECK_MESSAGE(static_cast<double>(passed) <= wanted * 1.02 + 2, rate);
        CHECK_MESSAGE(static_cast<double>(passed) >= wanted * 0.95, rate);
    }
}

TEST_CASE("slices are small, with a pause between them") {
    Way way;
    WayShape shape;
    shape.slice = 2;
    shape.pause = 3ms;
    way.shape(std::move(shape), start);
    way.add("abcde", start);
    CHECK(taken(way, start) == "ab");
    CHECK(way.next() == start + 3ms);
    CHECK(taken(way, start + 2ms).empty());
    CHECK(taken(way, start + 3ms) == "cd");
    CHECK(taken(way, start + 6ms) == "e");
}
