#pragma once
// UTF-8 by RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF. U+0000 is allowed: values are not MQTT
// strings. Any thread.

#include <cstddef>
#include <string_view>

namespace murano {

// Length (1 to 4) of the well-formed sequence that starts at `at`, or 0. `at` must be inside `text`.
std::size_t utf8_sequence(std::string_view text, std::size_t at);

// Offset of the first byte that is not part of a well-formed sequence, or npos.
std::size_t find_invalid_utf8(std::string_view text);

inline bool valid_utf8(std::string_view text) {
    return find_invalid_utf8(text) == std::string_view::npos;
}

// Characters of well-formed text; otherwise the bytes that do not continue a sequence.
std::size_t count_code_points(std::string_view text);

// True if a control character (C0, DEL or C1) starts at `at`.
bool is_control(std::string_view text, std::size_t at);

}  // namespace murano
