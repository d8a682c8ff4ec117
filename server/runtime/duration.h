#pragma once
// Durations as users write them: "25h", "90s", "-1h", "1d", "500ms", "1h30m", "250us".

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace runtime {

struct DurationError {
    std::string message;  // one sentence for the user, quoting the text
};

// Microseconds. Whole numbers with a unit (d, h, m, s, ms, us); several are added; one leading sign applies to all.
std::variant<std::int64_t, DurationError> parse_duration(std::string_view text);

}  // namespace runtime
