#pragma once
// The names of the journal's enumerations, in JSON, filters and metrics.

#include "server/journal/event.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace journal {

std::string_view type_name(EventType type);  // "data_in"
std::optional<EventType> parse_type(std::string_view name);
std::span<const std::string_view> type_names();

std::string_view protocol_name(Protocol protocol);  // "mqtt", "http", "control"
std::string_view severity_name(Severity severity);  // "warning"

constexpr std::size_t type_index(EventType type) {
    return static_cast<std::size_t>(type);
}
constexpr std::size_t severity_index(Severity severity) {
    return static_cast<std::size_t>(severity);
}

inline constexpr std::size_t last_type_index = type_index(EventType::verdict);

}  // namespace journal
