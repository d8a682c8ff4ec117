#include "server/journal/json_text.h"

#include "protocol/utf8_string.h"

#include <rapidjson/encodings.h>
#include <rapidjson/memorystream.h>

namespace journal {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// How many bytes the character in front takes; 0: they are no character.
std::size_t character_length(std::string_view bytes) {
    rapidjson::MemoryStream stream(bytes.data(), bytes.size());
    unsigned code_point = 0;
    return rapidjson::UTF8<>::Decode(stream, &code_point) ? stream.Tell() : 0;
}

bool skip_digits(std::string_view& text) {
    const std::size_t before = text.size();
    while (!text.empty() && is_digit(text.front())) text.remove_prefix(1);
    return text.size() < before;
}

}  // namespace

bool is_utf8(std::string_view bytes) {
    return protocol::check_text(bytes) != protocol::TextQuality::ill_formed;
}

std::string replace_invalid_utf8(std::string_view bytes) {
    std::string out;
    while (!bytes.empty()) {
        const std::size_t length = character_length(bytes);
        out.append(length == 0 ? replacement : bytes.substr(0, length));
        bytes.remove_prefix(length == 0 ? 1 : length);
    }
    return out;
}

std::string base64(std::string_view bytes) {
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        const std::string_view group = bytes.substr(at, 3);
        unsigned bits = 0;
        for (std::size_t i = 0; i < 3; ++i) {
            bits = bits << 8U | (i < group.size() ? static_cast<unsigned char>(group[i]) : 0U);
        }
        for (std::size_t i = 0; i < 4; ++i) {
            out.push_back(i <= group.size() ? alphabet[bits >> (18 - 6 * i) & 63U] : '=');
        }
    }
    return out;
}

std::string hex(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    out.reserve(bytes.size() * 2);
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        out.push_back(digits[byte >> 4U]);
        out.push_back(digits[byte & 15U]);
    }
    return out;
}

bool is_json_number(std::string_view text) {
    if (text.starts_with('-')) text.remove_prefix(1);
    const bool leading_zero = text.starts_with('0');
    if (leading_zero) {
        text.remove_prefix(1);
    } else if (!skip_digits(text)) {
        return false;
    }
    if (text.starts_with('.')) {
        text.remove_prefix(1);
        if (!skip_digits(text)) return false;
    }
    if (text.starts_with('e') || text.starts_with('E')) {
        text.remove_prefix(1);
        if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
        if (!skip_digits(text)) return false;
    }
    return text.empty();
}

}  // namespace journal
