#pragma once
// Explains to its author why a text is not JSON.

#include <cstddef>
#include <string>
#include <string_view>

#include <rapidjson/error/error.h>

namespace config {

// What is at `offset`, where RapidJSON stopped with `code`, what is allowed there, and how to write it. Shows one
// character or a well-known word at most, because it may be part of a secret.
std::string explain_json_fault(rapidjson::ParseErrorCode code, std::string_view text, std::size_t offset);

// The encoding of `text` if it is UTF-16, "UTF-16 (little endian)"; otherwise empty.
std::string_view utf16_name(std::string_view text);

}  // namespace config
