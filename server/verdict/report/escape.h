#pragma once
// Escapes text from devices for reports, so that no part of it acts as markup. Pure; any thread.

#include <string>
#include <string_view>

namespace verdict {

// For XML 1.0 and HTML, in text and in quoted attributes. Control characters not allowed in XML become U+FFFD.
std::string markup(std::string_view text);
// One line: line ends become blanks, other control characters U+FFFD.
std::string one_line(std::string_view text);
// One line for Markdown, with its markup escaped.
std::string markdown(std::string_view text);

}  // namespace verdict
