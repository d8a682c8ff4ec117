#pragma once
// Makes device text safe for a sentence: short, printable, within one line. Any thread.

#include <string>
#include <string_view>

namespace murano {

// `text` in single quotes, at most about 60 of its bytes, control characters and broken UTF-8 as \xNN. Text that looks
// like a token is hidden, because a device may have put it into any field.
std::string quoted(std::string_view text);

// ASCII letters lowered, everything else kept.
std::string lowered(std::string_view text);

// Without ASCII white space at both ends.
std::string_view trimmed(std::string_view text);

}  // namespace murano
