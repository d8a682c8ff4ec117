#pragma once
// Text of devices in reports: nothing that it holds may act as markup. Pure; any thread.

#include <string>
#include <string_view>

namespace verdict {

// For XML 1.0 and HTML, in text and in quoted attributes. Control characters that XML does not have become U+FFFD.
std::string markup(std::string_view text);
// One line: line ends become blanks, other control characters U+FFFD.
std::string one_line(std::string_view text);
// One line for Markdown: what begins markup is escaped.
std::string markdown(std::string_view text);

}  // namespace verdict
