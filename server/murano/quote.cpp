#include "server/murano/quote.h"

#include "server/murano/secret_text.h"
#include "server/murano/utf8.h"

#include <algorithm>
#include <cstddef>

namespace murano {
namespace {

constexpr std::size_t kLongestQuote = 60;
constexpr std::string_view kSpaces = " \t\r\n\f\v";

void append_escaped(std::string& out, char c) {
    constexpr std::string_view kHex = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    out += "\\x";
    out += kHex[byte >> 4U];
    out += kHex[byte & 15U];
}

}  // namespace

std::string quoted(std::string_view text) {
    if (looks_like_token(text)) return "'" + std::string(hidden_text) + "'";  // [D20]
    std::string out = "'";
    std::size_t at = 0;
    while (at < text.size() && at < kLongestQuote) {
        const std::size_t length = utf8_sequence(text, at);
        const bool control = length != 0 && is_control(text, at);
        if (length == 0 || control) {
            append_escaped(out, text[at]);
            ++at;
        } else {
            out += text.substr(at, length);
            at += length;
        }
    }
    out += at < text.size() ? "...'" : "'";
    return out;
}

std::string lowered(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return out;
}

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(kSpaces);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(kSpaces) - first + 1);
}

}  // namespace murano
