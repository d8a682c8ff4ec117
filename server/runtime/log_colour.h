#pragma once
// Colours for text lines of the log on a terminal.

#include <string>
#include <string_view>

namespace runtime {

// Whole lines: warnings yellow, errors red, the time of each dim.
std::string coloured(std::string_view lines);

// Whether somebody wants them there: a terminal that knows colours, and no NO_COLOR (https://no-color.org).
bool wants_colours(int fd);

}  // namespace runtime
