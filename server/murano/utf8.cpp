#include "server/murano/utf8.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace murano {
namespace {

unsigned byte_at(std::string_view text, std::size_t at) {
    return static_cast<unsigned char>(text[at]);
}

struct Lead {
    std::size_t length;  // 0: no sequence starts so
    unsigned low, high;  // bounds of the second byte, which exclude overlong forms, surrogates and > U+10FFFF
};

Lead lead_of(unsigned byte) {
    if (byte < 0x80) return {1, 0, 0};
    if (byte < 0xC2) return {0, 0, 0};
    if (byte < 0xE0) return {2, 0x80, 0xBF};
    if (byte == 0xE0) return {3, 0xA0, 0xBF};
    if (byte == 0xED) return {3, 0x80, 0x9F};
    if (byte < 0xF0) return {3, 0x80, 0xBF};
    if (byte == 0xF0) return {4, 0x90, 0xBF};
    if (byte < 0xF4) return {4, 0x80, 0xBF};
    if (byte == 0xF4) return {4, 0x80, 0x8F};
    return {0, 0, 0};
}

// First offset at or after `at` whose byte is not ASCII, eight bytes a step.
std::size_t skip_ascii(std::string_view text, std::size_t at) {
    constexpr std::uint64_t kHighBits = 0x8080808080808080U;
    while (text.size() - at >= sizeof(std::uint64_t)) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data() + at, sizeof word);
        if ((word & kHighBits) != 0) break;
        at += sizeof word;
    }
    while (at < text.size() && byte_at(text, at) < 0x80) ++at;
    return at;
}

}  // namespace

std::size_t utf8_sequence(std::string_view text, std::size_t at) {
    const Lead lead = lead_of(byte_at(text, at));
    if (lead.length <= 1) return lead.length;
    if (text.size() - at < lead.length) return 0;
    const unsigned second = byte_at(text, at + 1);
    if (second < lead.low || second > lead.high) return 0;
    for (std::size_t i = 2; i < lead.length; ++i) {
        if ((byte_at(text, at + i) & 0xC0U) != 0x80U) return 0;
    }
    return lead.length;
}

std::size_t find_invalid_utf8(std::string_view text) {
    std::size_t at = skip_ascii(text, 0);
    while (at < text.size()) {
        const std::size_t length = utf8_sequence(text, at);
        if (length == 0) return at;
        at = skip_ascii(text, at + length);
    }
    return std::string_view::npos;
}

std::size_t count_code_points(std::string_view text) {
    const auto starts = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; };
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), starts));
}

bool is_control(std::string_view text, std::size_t at) {
    const unsigned byte = byte_at(text, at);
    if (byte < 0x20 || byte == 0x7F) return true;
    return byte == 0xC2 && at + 1 < text.size() && byte_at(text, at + 1) < 0xA0;
}

}  // namespace murano
