#pragma once
// Numbers as their text, which is what Murano's values are. [R40a]

#include <optional>
#include <string_view>
#include <utility>

namespace config {

// The JSON number grammar, nothing around it.
bool is_json_number(std::string_view text);

// `9-11`, `-5--1`, `0.5-1.5`: the two bounds as they stand; none when it is no range of two JSON numbers. Which bound
// is greater is not looked at. [R40]
std::optional<std::pair<std::string_view, std::string_view>> split_number_range(std::string_view text);

}  // namespace config
