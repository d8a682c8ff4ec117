#pragma once
// Real time of a run: microseconds since its beginning. Never the emulator's clock, which a test may move.

#include <chrono>
#include <cstdio>
#include <string>

namespace verdict {

using Moment = std::chrono::microseconds;

constexpr double seconds(Moment span) {
    return static_cast<double>(span.count()) / 1e6;
}

// "0.21 s", "12.0 s", "75 s": as many digits as a reader needs.
inline std::string seconds_text(Moment span) {
    const double value = seconds(span);
    int digits = value < 10 ? 2 : 1;
    if (value >= 60) digits = 0;
    char text[32];
    std::snprintf(text, sizeof(text), "%.*f s", digits, value);
    return text;
}

}  // namespace verdict
