#pragma once
// Time as a value. Read at three edges only (packet, tick, admin call) and passed on from there.

#include <chrono>
#include <cstdint>

namespace runtime {

// wall_us: the emulator's clock, µs since 1970; users may move it. steady: real, monotonic; for Keep Alive and network
// timeouts. real_us: the machine's wall clock.
struct Now {
    std::int64_t wall_us = 0;
    std::int64_t real_us = 0;
    std::chrono::steady_clock::time_point steady;
};

class EmulatorClock;  // emulator_clock.h: where a Now comes from

}  // namespace runtime
