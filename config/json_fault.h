#pragma once
// Why a text is no JSON, for the person who wrote it.

#include <cstddef>
#include <string>
#include <string_view>

#include <rapidjson/error/error.h>

namespace config {

// What stands at `offset`, where RapidJSON stopped with `code`, what may stand there, and how to write it. Shows one
// character or a well-known word, never more: it may be part of a secret.
std::string explain_json_fault(rapidjson::ParseErrorCode code, std::string_view text, std::size_t offset);

// The encoding of `text` when that is UTF-16, "UTF-16 (little endian)"; empty for all else.
std::string_view utf16_name(std::string_view text);

}  // namespace config
