#include "server/runtime/emulator_clock.h"

#include <limits>

#include <doctest/doctest.h>

using namespace std::chrono_literals;
using runtime::EmulatorClock;

namespace {
constexpr std::int64_t t0 = 1'700'000'000'000'000;
constexpr std::int64_t second = 1'000'000;
constexpr std::int64_t day = 86'400 * second;

// Real time that a test moves.
struct FakeTime {
    std::int64_t us = t0;
    runtime::RealTimeSource source() {
        return [this] {
            return runtime::RealTime{us, std::chrono::steady_clock::time_point(std::chrono::microseconds(us - t0))};
        };
    }
};
}  // namespace

TEST_CASE("an untouched clock shows real time") {
    FakeTime time;
    const EmulatorClock clock(time.source());
    time.us += 5 * second;
    CHECK(clock.now().wall_us == t0 + 5 * second);
    CHECK(clock.now().real_us == t0 + 5 * second);
    CHECK(clock.now().steady.time_since_epoch() == 5s);
    CHECK(clock.reading().offset_us == 0);
    CHECK(!clock.reading().frozen);
}

TEST_CASE("[R18a] advancing a day moves wall time only; steady and real time stand [D3]") {
    FakeTime time;
    EmulatorClock clock(time.source());
    clock.advance(day);
    CHECK(clock.now().wall_us == t0 + day);
    CHECK(clock.now("anybody").wall_us == t0 + day);
    CHECK(clock.now().real_us == t0);
    CHECK(clock.now().steady.time_since_epoch() == 0s);
    CHECK(clock.reading().offset_us == day);
    time.us += second;
    CHECK(clock.now().wall_us == t0 + day + second);
    clock.advance(-2 * day);
    CHECK(clock.now().wall_us == t0 - day + second);
}

TEST_CASE("a set clock goes on from there, a frozen one stands exactly where it was set") {
    FakeTime time;
    EmulatorClock clock(time.source());
    clock.set(1'000);
    time.us += 7;
    CHECK(clock.now().wall_us == 1'007);
    clock.freeze();
    time.us += second;
    CHECK(clock.now().wall_us == 1'007);
    CHECK(clock.reading().frozen);
    clock.set(5'000);
    clock.advance(3);
    time.us += second;
    CHECK(clock.now().wall_us == 5'003);
    CHECK(clock.reading().offset_us == 5'003 - time.us);
    clock.unfreeze();
    time.us += second;
    CHECK(clock.now().wall_us == 5'003 + second);
    clock.reset();
    CHECK(clock.now().wall_us == time.us);
}

TEST_CASE("an offset is shown as it was given") {
    FakeTime time;
    EmulatorClock clock(time.source());
    clock.set_offset(-day);
    time.us += 3;
    CHECK(clock.reading().offset_us == -day);
    clock.freeze();
    clock.set_offset(day);
    time.us += 10;
    CHECK(clock.now().wall_us == time.us - 10 + day);
}

TEST_CASE("a connector's own clock starts from the global one, then each goes its way") {
    FakeTime time;
    EmulatorClock clock(time.source());
    clock.advance(day);
    clock.advance(second, "a");
    CHECK(clock.now("a").wall_us == t0 + day + second);
    CHECK(clock.now("b").wall_us == t0 + day);
    CHECK(clock.reading("a").overridden);
    CHECK(!clock.reading("b").overridden);
    clock.freeze("a");
    clock.advance(day);
    CHECK(clock.now("a").wall_us == t0 + day + second);
    CHECK(clock.now("b").wall_us == t0 + 2 * day);
    clock.reset("a");
    CHECK(clock.now("a").wall_us == t0 + 2 * day);
    clock.freeze("b");
    clock.reset();
    CHECK(clock.now("b").wall_us == t0);
    CHECK(!clock.reading("b").overridden);
}

TEST_CASE("readings stay between 1970 and 9999, whatever is asked") {
    FakeTime time;
    EmulatorClock clock(time.source());
    constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
    constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
    for (const std::int64_t extreme : {most, least}) {
        const std::int64_t edge = extreme > 0 ? EmulatorClock::max_us : 0;
        clock.set(extreme);
        CHECK(clock.now().wall_us == edge);
        clock.advance(extreme);
        CHECK(clock.now().wall_us == edge);
        clock.set_offset(extreme);
        CHECK(clock.now().wall_us == edge);
        clock.freeze();
        clock.advance(extreme);
        CHECK(clock.now().wall_us == edge);
        clock.unfreeze();
        CHECK(clock.now().wall_us == edge);
    }
}

TEST_CASE("a saved clock comes back, frozen ones where they stood") {
    FakeTime time;
    EmulatorClock clock(time.source());
    clock.advance(day);
    clock.freeze("a");
    clock.advance(-second, "b");
    const std::string saved = clock.save();

    FakeTime later;
    later.us += 10 * second;
    EmulatorClock restarted(later.source());
    REQUIRE(restarted.restore(saved));
    CHECK(restarted.now().wall_us == later.us + day);
    CHECK(restarted.now("a").wall_us == t0 + day);
    CHECK(restarted.reading("a").frozen);
    CHECK(restarted.now("b").wall_us == later.us + day - second);
    CHECK(restarted.save() == saved);
}

TEST_CASE("a text that is no saved clock changes nothing") {
    FakeTime time;
    EmulatorClock clock(time.source());
    clock.advance(day);
    for (const char* text : {"", "clock 2\n", "clock 1\n* offset", "clock 1\n* offset x\n", "clock 1\n* frozen 12",
                             "clock 1\n* melted 12\n", "clock 1\n offset 12\n", "clock 1\n* offset 12 \n",
                             "clock 1\n* offset 5\na offset 99999999999999999999\n"}) {
        CHECK_MESSAGE(!clock.restore(text), text);
        CHECK(clock.now().wall_us == t0 + day);
    }
    CHECK(clock.restore("clock 1\n* frozen -9223372036854775808\n"));
    clock.unfreeze();
    CHECK(clock.now().wall_us == 0);
}

TEST_CASE("within a moment time stands, the clock can be moved all the same, and afterwards time goes on") {
    FakeTime time;
    EmulatorClock clock(time.source());
    {
        const EmulatorClock::Moment outer(clock);
        time.us += second;
        CHECK(clock.now().wall_us == t0);
        {
            const EmulatorClock::Moment inner(clock);
            time.us += second;
            CHECK(clock.now().real_us == t0);
        }
        clock.advance(day);
        CHECK(clock.now().wall_us == t0 + day);
        CHECK(clock.now().steady.time_since_epoch() == 0s);
    }
    CHECK(clock.now().wall_us == t0 + day + 2 * second);
}

TEST_CASE("the machine's clock is after 2024 and moves forward") {
    const EmulatorClock clock;
    const runtime::Now first = clock.now();
    CHECK(first.wall_us > 1'704'067'200'000'000);
    CHECK(first.wall_us == first.real_us);
    CHECK(clock.now().steady >= first.steady);
}
