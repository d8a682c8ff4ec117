#include "server/text/base64.h"

#include <algorithm>

#include <openssl/evp.h>

namespace text {

namespace {

bool in_alphabet(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
}

}  // namespace

std::optional<std::string> base64_decode(std::string_view text) {
    if (text.size() % 4 != 0 || text.size() > (1U << 30U)) return std::nullopt;
    const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
    const std::string_view digits = text.substr(0, text.size() - padding);
    if (!std::all_of(digits.begin(), digits.end(), in_alphabet)) return std::nullopt;
    std::string decoded(text.size() / 4 * 3, '\0');
    const int length =
        EVP_DecodeBlock(reinterpret_cast<unsigned char*>(decoded.data()),
                        reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
    if (length < 0) return std::nullopt;
    decoded.resize(decoded.size() - padding);  // EVP_DecodeBlock counts the padding as zero bytes
    return decoded;
}

}  // namespace text
