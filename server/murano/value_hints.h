#pragma once
// Near misses of values that do not fit their format: what the developer most likely meant. [R40] Pure; any thread.

#include "server/murano/value_format.h"

#include <string>
#include <string_view>

namespace murano {

// Why `text` is no JSON number, or no boolean, and what to send instead. Never empty.
std::string number_hint(std::string_view text);
std::string boolean_hint(std::string_view text);

// A JSON value of kind object, array or null where a `format` value is wanted.
std::string structure_hint(config::ResourceFormat format, JsonKind kind, std::string_view alias);

std::string_view format_name(config::ResourceFormat format);
std::string_view kind_name(JsonKind kind);  // with article: "an object"

}  // namespace murano
