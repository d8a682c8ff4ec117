#pragma once
// The form of help texts: lines of at most 100 columns, and an example for each command.

#include <cstddef>
#include <string>
#include <string_view>

namespace cli {

inline constexpr std::size_t help_width = 100;

// `begin` and the words of `text` behind it, in lines that go on at `column`. A character outside of ASCII counts as
// the bytes that it has: such a line ends a little early.
std::string wrapped(std::string begin, std::string_view text, std::size_t column);

// Paragraphs (ended by an empty line) in lines of full width; lines that begin with a space stay as they are.
std::string reflowed(std::string_view text);

// How the command is typed, with values as somebody would have them. Empty: no such command.
std::string_view example_of(std::string_view command);

}  // namespace cli
