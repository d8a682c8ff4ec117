#pragma once
// Time for simulated devices: always an argument.

#include <chrono>
#include <cstdint>

namespace simulator {

using Span = std::chrono::microseconds;
using Steady = std::chrono::steady_clock::time_point;

struct Now {
    Steady steady;
    std::int64_t wall_us = 0;  // since 1970, for the timestamps of batches
};

constexpr double seconds_of(Span span) {
    return std::chrono::duration<double>(span).count();
}

// From a number of seconds within range.
constexpr Span span_of(double seconds) {
    return std::chrono::duration_cast<Span>(std::chrono::duration<double>(seconds));
}

}  // namespace simulator
