#pragma once
// Device values and times in readable form. Pure.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace text {

// Safe for a terminal: control characters as \n, \t, \x1b, characters that change the text direction as \u202e.
std::string printable(std::string_view text);

// The first `most` characters, with "…" if text was left out.
std::string shortened(std::string_view text, std::size_t most);

// Whether a byte of UTF-8 is the first one of its character.
bool begins_character(char byte);

// "2026-11-23 06:36:33.012 UTC"; "-" for 0, which means never. µs since 1970.
std::string time_text(std::int64_t at_us);
// From a number's text, as in JSON.
std::string time_text(const std::string& at_us);

}  // namespace text
