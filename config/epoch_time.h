#pragma once
// Times are µs since 1970 everywhere; users and other programs often have seconds or milliseconds.

#include <cstdint>
#include <string>
#include <string_view>

namespace config {

// "seconds" or "milliseconds" if `us` is a time from 1973 to 5138 in that unit but within three years of 1970 as
// microseconds, which is never meant; else empty.
constexpr std::string_view mistaken_unit(std::int64_t us) {
    constexpr std::int64_t least_seconds = 100'000'000;
    constexpr std::int64_t least_milliseconds = least_seconds * 1000;
    constexpr std::int64_t least_microseconds = least_milliseconds * 1000;
    if (us < least_seconds || us >= least_microseconds) return "";
    return us < least_milliseconds ? "seconds" : "milliseconds";
}

// Empty, or the mistake and the right value: `looks like seconds since 1970, expected microseconds: 1767225600000000`
inline std::string epoch_mistake(std::int64_t us) {
    const std::string_view unit = mistaken_unit(us);
    if (unit.empty()) return "";
    const std::string_view zeros = unit == "seconds" ? "000000" : "000";
    return "looks like " + std::string(unit) + " since 1970, expected microseconds: " + std::to_string(us) +
           std::string(zeros);
}

}  // namespace config
