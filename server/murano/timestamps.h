#pragma once
// Timestamps of a batch that are probably not what the device meant, and reports that an older one keeps from the
// state. [R38] Times: µs since 1970. Pure; any thread.

#include "server/murano/finding.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace murano {

// Seconds or the like for microseconds, before 2000, or more than a day ahead of now_us.
std::optional<Finding> doubtful_timestamp(std::int64_t timestamp_us, std::int64_t now_us);

// Values of one message that changed the history only, because their aliases have a newer report.
struct StaleValues {
    std::size_t count = 0;
    std::string_view alias;  // of the first; likewise below
    std::int64_t timestamp_us = 0;
    std::int64_t newest_us = 0;  // of the report that holds the alias
};
Finding state_kept(const StaleValues& stale);

}  // namespace murano
