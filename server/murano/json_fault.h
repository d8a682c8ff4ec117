#pragma once
// Why a payload is not JSON, and which mistake in the device causes that. [R40] Pure; any thread.

#include <cstddef>
#include <string_view>

namespace murano {

struct JsonFault {
    std::size_t offset = 0;
    std::string_view code;       // of the finding, static text
    std::string_view what;       // static text
    std::string_view hint = {};  // a sentence, static text; empty: the cause is unknown
};

// Advice for a zero byte at the end of a payload.
inline constexpr std::string_view zero_of_c_string =
    "The zero byte ends a C string and is no part of it: send strlen() bytes, not sizeof or one more.";

// `at` is inside `text`, at the place of a value, a key, or the end of the document.
JsonFault no_value(std::string_view text, std::size_t at);
JsonFault no_key(std::string_view text, std::size_t at);
JsonFault not_the_end(std::string_view text, std::size_t at);

// The payload ends before its document does.
JsonFault ends_too_early(std::string_view text);

}  // namespace murano
