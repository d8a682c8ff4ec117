#pragma once
// Numbers as text, the form of Murano's values. [R40a]

#include <optional>
#include <string_view>
#include <utility>

namespace config {

// The JSON number grammar; nothing before or after.
bool is_json_number(std::string_view text);

// `9-11`, `-5--1`, `0.5-1.5`: the texts of the two bounds; nullopt: not a range of two JSON numbers. Their order is not
// checked. [R40]
std::optional<std::pair<std::string_view, std::string_view>> split_number_range(std::string_view text);

}  // namespace config
