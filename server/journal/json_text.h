#pragma once
// How bytes of devices become JSON text.

#include <string>
#include <string_view>

namespace journal {

bool is_utf8(std::string_view bytes);  // U+0000 included, which JSON can escape

// Every byte that belongs to no UTF-8 character becomes U+FFFD.
std::string replace_invalid_utf8(std::string_view bytes);

std::string base64(std::string_view bytes);  // RFC 4648 section 4, padded
std::string hex(std::string_view bytes);     // lower case

bool is_json_number(std::string_view text);  // by the grammar of RFC 8259, nothing around it

}  // namespace journal
