#include "server/net/exact_timers.h"

#include <vector>

#include <doctest/doctest.h>

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

TEST_CASE("wake-ups come in order of their time, none early, and a moved one once") {
    boost::asio::io_context io;
    const auto start = Clock::now();
    std::vector<net::ExactTimers::Key> woken;
    std::vector<Clock::duration> after;
    net::ExactTimers timers(io, [&](net::ExactTimers::Key key) {
        woken.push_back(key);
        after.push_back(Clock::now() - start);
    });
    timers.schedule(1, start + 12ms);
    timers.schedule(2, start + 3ms);
    timers.schedule(3, start + 1ms);
    timers.schedule(3, start + 7ms);
    timers.schedule(4, start + 2ms);
    timers.cancel(4);
    io.run();
    CHECK(woken == std::vector<net::ExactTimers::Key>{2, 3, 1});
    CHECK(after.at(0) >= 3ms);
    CHECK(after.at(1) >= 7ms);
    CHECK(after.at(2) >= 12ms);
}

TEST_CASE("one that is woken may ask for the next time, also one that is past, in a turn of its own") {
    boost::asio::io_context io;
    int wakes = 0;
    net::ExactTimers* timers = nullptr;
    net::ExactTimers made(io, [&](net::ExactTimers::Key key) {
        if (++wakes < 3) timers->schedule(key, Clock::now() - 1s);
    });
    timers = &made;
    made.schedule(1, Clock::now());
    CHECK(wakes == 0);  // not from within schedule()
    io.run();
    CHECK(wakes == 3);
}
