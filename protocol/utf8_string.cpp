#include "protocol/utf8_string.h"

#include "protocol/errors.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>

namespace protocol {
namespace {

struct CodePoint {
    char32_t value = 0;
    std::size_t size = 0;  // 0: ill-formed
};

constexpr std::uint8_t byte_at(std::string_view text, std::size_t index) noexcept {
    return static_cast<std::uint8_t>(text[index]);
}

// Precondition: text starts with a byte above 0x7F.
CodePoint multi_byte(std::string_view text) noexcept {
    const std::uint8_t lead = byte_at(text, 0);
    const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || text.size() < size) return {};
    char32_t value = lead & (0xFFU >> (size + 1));
    for (std::size_t i = 1; i < size; ++i) {
        if ((byte_at(text, i) & 0xC0U) != 0x80U) return {};
        value = value << 6U | (byte_at(text, i) & 0x3FU);
    }
    static constexpr std::array<char32_t, 5> smallest = {0, 0, 0x80, 0x800, 0x10000};
    const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
    if (value < smallest[size] || value > 0x10FFFF || surrogate) return {};
    return {value, size};
}

bool is_doubtful(char32_t value) noexcept {
    const bool control = value < 0x20 || (value >= 0x7F && value <= 0x9F);
    const bool non_character = (value >= 0xFDD0 && value <= 0xFDEF) || (value & 0xFFFEU) == 0xFFFEU;
    return control || non_character;
}

// How many bytes in front are plain: ASCII and no control characters. Eight bytes a step, as most text is that.
std::size_t plain_prefix(std::string_view text) noexcept {
    constexpr std::uint64_t ones = 0x0101010101010101U;
    constexpr std::uint64_t high_bits = 0x80 * ones;
    std::size_t at = 0;
    for (; text.size() - at >= sizeof(std::uint64_t); at += sizeof(std::uint64_t)) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data() + at, sizeof word);
        const std::uint64_t below_space = word - 0x20 * ones;
        const std::uint64_t delete_or_more = word + ones;
        if (((word | below_space | delete_or_more) & high_bits) != 0) break;
    }
    while (at < text.size() && byte_at(text, at) >= 0x20 && byte_at(text, at) < 0x7F) ++at;
    return at;
}

}  // namespace

TextQuality check_text(std::string_view text) noexcept {
    auto quality = TextQuality::good;
    text.remove_prefix(plain_prefix(text));
    while (!text.empty()) {
        const std::uint8_t lead = byte_at(text, 0);
        const CodePoint point = lead < 0x80 ? CodePoint{lead, 1} : multi_byte(text);
        if (point.size == 0) return TextQuality::ill_formed;
        if (point.value == 0) {
            quality = std::max(quality, TextQuality::null_character);
        } else if (is_doubtful(point.value)) {
            quality = std::max(quality, TextQuality::doubtful);
        }
        text.remove_prefix(point.size);
    }
    return quality;
}

Result<std::string_view, DecodeError> read_text(ByteReader& in, bool& doubtful, const DecodeError& truncated) noexcept {
    const auto text = in.binary();
    if (!text) return truncated;
    switch (check_text(*text)) {
        case TextQuality::ill_formed:
            return errors::ill_formed_utf8;
        case TextQuality::null_character:
            return errors::null_character;
        case TextQuality::doubtful:
            doubtful = true;
            break;
        case TextQuality::good:
            break;
    }
    return *text;
}

}  // namespace protocol
