#include "server/faults/text_bytes.h"

#include "server/text/base64.h"
#include "server/text/hex.h"

namespace faults {
std::optional<std::string> from_hex(std::string_view text) {
    std::string bytes;
    int high = -1;
    for (const char c : text) {
        if (c == ' ' && high < 0) continue;
        const int digit = ::text::hex_digit(c);
        if (digit < 0) return std::nullopt;
        if (high < 0) {
            high = digit;
        } else {
            bytes += static_cast<char>(high * 16 + digit);
            high = -1;
        }
    }
    if (high >= 0) return std::nullopt;
    return bytes;
}

std::optional<std::string> decoded(std::string_view value, std::string_view encoding) {
    if (encoding == "hex") return from_hex(value);
    if (encoding == "base64") return text::base64_decode(value);
    return std::string(value);
}

}  // namespace faults
