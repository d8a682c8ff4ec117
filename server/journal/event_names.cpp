#include "server/journal/event_names.h"

#include <algorithm>
#include <array>
#include <vector>

namespace journal {
namespace {

constexpr std::array<std::string_view, last_type_index> type_names{"connect",  "disconnect", "provisioned", "data_in",
                                                                   "data_out", "publish",    "content_in",  "deleted",
                                                                   "expired",  "finding",    "packet"};
constexpr std::array<std::string_view, 3> protocol_names{"mqtt", "http", "control"};
constexpr std::array<std::string_view, 3> severity_names{"info", "warning", "violation"};

std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j < row.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row.back();
}

}  // namespace

std::string_view type_name(EventType type) {
    return type_names.at(type_index(type) - 1);
}

std::optional<EventType> parse_type(std::string_view name) {
    const auto found = std::find(type_names.begin(), type_names.end(), name);
    if (found == type_names.end()) return std::nullopt;
    return static_cast<EventType>(found - type_names.begin() + 1);
}

std::string_view nearest_type_name(std::string_view mistyped) {
    const std::string_view start = mistyped.substr(0, 32);  // the query is foreign text of any length
    return *std::min_element(type_names.begin(), type_names.end(), [start](std::string_view a, std::string_view b) {
        return edit_distance(start, a) < edit_distance(start, b);
    });
}

std::string_view protocol_name(Protocol protocol) {
    return protocol_names.at(static_cast<std::size_t>(protocol) - 1);
}

std::string_view severity_name(Severity severity) {
    return severity_names.at(severity_index(severity) - 1);
}

}  // namespace journal
