#pragma once
// The likely mistake in a value that does not fit its format. [R40] Pure; any thread.

#include "server/murano/value_format.h"

#include <string>
#include <string_view>

namespace murano {

struct Advice {
    std::string_view code;  // of the finding
    std::string hint;       // never empty
};

// Why `text` is not a JSON number, or not a boolean, and what to send instead.
Advice number_advice(std::string_view text);
Advice boolean_advice(std::string_view text);

// A JSON object, array or null for a resource of this format.
Advice structure_advice(config::ResourceFormat format, JsonKind kind, std::string_view alias);

std::string_view format_name(config::ResourceFormat format);
std::string_view kind_name(JsonKind kind);  // with article: "an object"

}  // namespace murano
