#pragma once
// Turns bytes from devices into JSON text.

#include <string>
#include <string_view>

namespace journal {

bool is_utf8(std::string_view bytes);  // U+0000 included, which JSON can escape

// Replaces each byte that is not part of a UTF-8 character by U+FFFD.
std::string replace_invalid_utf8(std::string_view bytes);

std::string base64(std::string_view bytes);  // RFC 4648 section 4, padded
std::string hex(std::string_view bytes);     // lower case

bool is_json_number(std::string_view text);  // by the grammar of RFC 8259; nothing before or after

}  // namespace journal
