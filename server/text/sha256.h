#pragma once
// SHA-256 of bytes in memory. Pure; any thread.

#include <string>
#include <string_view>

namespace text {

// 64 digits, lower case.
std::string sha256_hex(std::string_view bytes);

}  // namespace text
