#include "server/journal/event_names.h"

#include <algorithm>
#include <array>

namespace journal {
namespace {

constexpr std::array<std::string_view, last_type_index> types{
    "connect", "disconnect", "provisioned", "data_in", "data_out", "publish", "content_in",
    "deleted", "expired",    "finding",     "packet",  "fault",    "verdict"};
constexpr std::array<std::string_view, 3> protocol_names{"mqtt", "http", "control"};
constexpr std::array<std::string_view, 3> severity_names{"info", "warning", "violation"};

}  // namespace

std::string_view type_name(EventType type) {
    return types.at(type_index(type) - 1);
}

std::span<const std::string_view> type_names() {
    return types;
}

std::optional<EventType> parse_type(std::string_view name) {
    const auto found = std::find(types.begin(), types.end(), name);
    if (found == types.end()) return std::nullopt;
    return static_cast<EventType>(found - types.begin() + 1);
}

std::string_view protocol_name(Protocol protocol) {
    return protocol_names.at(static_cast<std::size_t>(protocol) - 1);
}

std::string_view severity_name(Severity severity) {
    return severity_names.at(severity_index(severity) - 1);
}

}  // namespace journal
