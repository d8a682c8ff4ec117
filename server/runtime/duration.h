#pragma once
// Durations as people write them: "25h", "90s", "-1h", "1d", "500ms", "1h30m", "250us".

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace runtime {

struct DurationError {
    std::string message;  // one sentence for the user, with what stands there
};

// Microseconds. Whole numbers with a unit (d, h, m, s, ms, us), several in a row are added, one sign in front counts
// for all.
std::variant<std::int64_t, DurationError> parse_duration(std::string_view text);

}  // namespace runtime
