#pragma once
// Whether a device applied a value that the cloud set: it reports the value back. Pure.

#include "server/verdict/checks/act_tools.h"

#include <cstdlib>
#include <string>
#include <string_view>

namespace verdict {

// The same text, or the same number written in another way: "21.50" and "21.5".
inline bool same_value(std::string_view left, std::string_view right) {
    if (left == right) return true;
    const std::string a(left);
    const std::string b(right);
    char* a_end = nullptr;
    char* b_end = nullptr;
    const double a_number = std::strtod(a.c_str(), &a_end);
    const double b_number = std::strtod(b.c_str(), &b_end);
    const bool numbers = !a.empty() && !b.empty() && *a_end == '\0' && *b_end == '\0';
    return numbers && a_number == b_number;
}

// The values to set, in turn; two different ones if there are two.
inline std::string setting_value(const Desk& desk, std::size_t turn) {
    const auto& values = desk.parameters().setting_values;
    return values.empty() ? "" : values[turn % values.size()];
}

// The device's report of the setting; nullptr: something else.
inline const Reported* setting_reported(const Observation& observation, const Desk& desk) {
    const auto* reported = std::get_if<Reported>(&observation.seen);
    return reported && reported->alias == desk.parameters().setting_alias ? reported : nullptr;
}

inline bool has_setting(const Desk& desk) {
    return !desk.parameters().setting_alias.empty() && !desk.parameters().setting_values.empty();
}

}  // namespace verdict
