#pragma once
// Near misses of values that do not fit their format: what the developer most likely meant. [R40] Pure; any thread.

#include "server/murano/value_format.h"

#include <string>
#include <string_view>

namespace murano {

struct Advice {
    std::string_view code;  // of the finding
    std::string hint;       // never empty
};

// Why `text` is no JSON number, or no boolean, and what to send instead.
Advice number_advice(std::string_view text);
Advice boolean_advice(std::string_view text);

// A JSON value of kind object, array or null where a `format` value is wanted.
Advice structure_advice(config::ResourceFormat format, JsonKind kind, std::string_view alias);

std::string_view format_name(config::ResourceFormat format);
std::string_view kind_name(JsonKind kind);  // with article: "an object"

}  // namespace murano
