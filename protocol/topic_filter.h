#pragma once
// Topic names and topic filters [MQTT 4.7]. Pure functions, no allocation, linear time.

#include <cstdint>
#include <string_view>

namespace protocol {

enum class FilterFault : std::uint8_t {
    none,
    bad_text,        // empty, longer than 65,535 bytes [MQTT-4.7.3-1], or not MQTT text [MQTT-4.7.3-2]
    misplaced_hash,  // [MQTT-4.7.1-2]
    misplaced_plus,  // [MQTT-4.7.1-3]
};

constexpr bool has_wildcard(std::string_view topic) noexcept {
    return topic.find('+') != topic.npos || topic.find('#') != topic.npos;
}

// Checks only the places of wildcards; the text must be valid and not empty.
FilterFault check_wildcards(std::string_view filter) noexcept;

// The whole check, for text that did not pass the decoder.
bool valid_topic_name(std::string_view topic) noexcept;
FilterFault check_topic_filter(std::string_view filter) noexcept;
inline bool valid_topic_filter(std::string_view filter) noexcept {
    return check_topic_filter(filter) == FilterFault::none;
}

// Preconditions: a valid filter and a valid name. A leading `#` or `+` does not match a name that starts with `$`
// [MQTT-4.7.2-1]; comparison is by bytes: case matters, and `/a` differs from `a` [MQTT-4.7.3-4].
bool matches(std::string_view filter, std::string_view topic) noexcept;

}  // namespace protocol
