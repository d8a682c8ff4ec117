#pragma once
// Bytes as text: the form of payloads and raw bytes in a description. Pure.

#include <optional>
#include <string>
#include <string_view>

namespace faults {

// Pairs of hexadecimal digits, blanks between them ignored.
std::optional<std::string> from_hex(std::string_view text);
// `encoding`: utf8, hex or base64.
std::optional<std::string> decoded(std::string_view value, std::string_view encoding);

}  // namespace faults
