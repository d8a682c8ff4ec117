#pragma once
// Hexadecimal digits of text from outside. Pure.

namespace text {

// Upper or lower case; -1: not a hexadecimal digit.
constexpr int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

}  // namespace text
