#include "server/text/printable.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <ctime>
#include <optional>

namespace text {
namespace {

// Line separators and what changes the direction of text: it would read as something else than was written.
constexpr auto reordering =
    std::to_array<std::string_view>({"\u061c", "\u200e", "\u200f", "\u2028", "\u2029", "\u202a", "\u202b", "\u202c",
                                     "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069", "\ufeff"});
constexpr auto reordering_names =
    std::to_array<std::string_view>({"061c", "200e", "200f", "2028", "2029", "202a", "202b", "202c", "202d", "202e",
                                     "2066", "2067", "2068", "2069", "feff"});

// The index of the one that the text begins with.
std::optional<std::size_t> reordering_at(std::string_view text) {
    const auto* found = std::find_if(reordering.begin(), reordering.end(),
                                     [text](std::string_view character) { return text.starts_with(character); });
    if (found == reordering.end()) return std::nullopt;
    return static_cast<std::size_t>(found - reordering.begin());
}

}  // namespace

bool begins_character(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
}

std::string printable(std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string safe;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        const auto byte = static_cast<unsigned char>(c);
        const auto next = at + 1 < text.size() ? static_cast<unsigned char>(text[at + 1]) : 0U;
        if (byte == 0xC2 && next >= 0x80 && next < 0xA0) {
            safe += "\\u00";  // a control character of Unicode's second row, in two bytes
            safe.append({digits[next >> 4U], digits[next & 15U]});
            ++at;
        } else if (const auto index = byte < 0x80 ? std::nullopt : reordering_at(text.substr(at))) {
            safe.append("\\u").append(reordering_names.at(*index));
            at += reordering.at(*index).size() - 1;
        } else if (byte >= 0x20 && byte != 0x7F) {
            safe += c;
        } else if (c == '\n') {
            safe += "\\n";
        } else if (c == '\t') {
            safe += "\\t";
        } else {
            safe.append({'\\', 'x', digits[byte >> 4U], digits[byte & 15U]});
        }
    }
    return safe;
}

std::string shortened(std::string_view text, std::size_t most) {
    std::size_t seen = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (begins_character(text[at]) && ++seen > most) return std::string(text.substr(0, at)) + "…";
    }
    return std::string(text);
}

std::string time_text(std::int64_t at_us) {
    if (at_us == 0) return "-";
    const std::time_t seconds = at_us / 1'000'000;
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    std::array<char, 32> date{};
    std::strftime(date.data(), date.size(), "%Y-%m-%d %H:%M:%S", &parts);
    std::array<char, 48> all{};
    std::snprintf(all.data(), all.size(), "%s.%03d UTC", date.data(), static_cast<int>(at_us / 1'000 % 1'000));
    return all.data();
}

std::string time_text(const std::string& at_us) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(at_us.data(), at_us.data() + at_us.size(), value);
    return error == std::errc{} && end == at_us.data() + at_us.size() ? time_text(value) : at_us;
}

}  // namespace text
