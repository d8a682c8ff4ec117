#pragma once
// The layout of help texts: lines of at most 100 columns, and an example for each command.

#include <cstddef>
#include <string>
#include <string_view>

namespace cli {

inline constexpr std::size_t help_width = 100;

// `begin` and the words of `text` after it, in lines that continue at `column`. A non-ASCII character counts by its
// bytes, so such a line ends a little early.
std::string wrapped(std::string begin, std::string_view text, std::size_t column);

// Fills paragraphs (ended by an empty line) to full width; lines that begin with a space are unchanged.
std::string reflowed(std::string_view text);

// An example of the command, with realistic values. Empty: no such command.
std::string_view example_of(std::string_view command);

}  // namespace cli
