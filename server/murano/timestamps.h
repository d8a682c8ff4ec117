#pragma once
// Batch timestamps that are probably wrong, and reports too old to change the state. [R38] Times: µs since 1970. Pure;
// any thread.

#include "server/murano/finding.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace murano {

// For seconds or the like instead of µs, before 2000, or more than a day after now_us.
std::optional<Finding> doubtful_timestamp(std::int64_t timestamp_us, std::int64_t now_us);

// Values of one message that changed only the history, because their aliases have a newer report.
struct StaleValues {
    std::size_t count = 0;
    std::string_view alias;  // of the first one, as below
    std::int64_t timestamp_us = 0;
    std::int64_t newest_us = 0;  // of the alias's newest report
};
Finding state_kept(const StaleValues& stale);

}  // namespace murano
