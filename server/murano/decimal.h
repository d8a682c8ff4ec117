#pragma once
// Numbers as their decimal text: never turned into binary floating point, so 73.16492 stays 73.16492 and comparing is
// exact at any size [R40a]. Work is linear in the length of the texts, whatever the exponents say. Any thread.

#include <compare>
#include <string_view>

namespace murano {

// Compares by value: 1.0 == 1 == 10e-1, -0 == 0. Both must satisfy config::is_json_number().
std::strong_ordering compare_numbers(std::string_view left, std::string_view right);

}  // namespace murano
