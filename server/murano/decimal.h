#pragma once
// Numbers as decimal text, never as binary floating point, so that 73.16492 stays 73.16492 and comparisons are exact at
// any size [R40a]. Work is linear in the texts' length for any exponents. Any thread.

#include <compare>
#include <string_view>

namespace murano {

// Compares by value: 1.0 == 1 == 10e-1, -0 == 0. Both must satisfy config::is_json_number().
std::strong_ordering compare_numbers(std::string_view left, std::string_view right);

}  // namespace murano
