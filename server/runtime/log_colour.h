#pragma once
// Colours for text lines of the log on a terminal.

#include <string>
#include <string_view>

namespace runtime {

// Whole lines: warnings yellow, errors red, their time dim.
std::string coloured(std::string_view lines);

// Whether to use colours: the terminal supports them, and NO_COLOR is not set (https://no-color.org).
bool wants_colours(int fd);

}  // namespace runtime
