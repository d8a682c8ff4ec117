#pragma once
// Base64 as RFC 4648 defines it, with padding.

#include <optional>
#include <string>
#include <string_view>

namespace text {

// nullopt: not base64 (no white space is allowed).
std::optional<std::string> base64_decode(std::string_view text);

}  // namespace text
