#include "config/number_text.h"

#include <cstddef>

namespace config {

namespace {

bool digit(char c) {
    return c >= '0' && c <= '9';
}

std::size_t skip_digits(std::string_view text, std::size_t at) {
    while (at < text.size() && digit(text[at])) ++at;
    return at;
}

}  // namespace

bool is_json_number(std::string_view text) {
    std::size_t at = text.starts_with('-') ? 1 : 0;
    std::size_t end = skip_digits(text, at);
    if (end == at || (text[at] == '0' && end > at + 1)) return false;
    at = end;
    if (at < text.size() && text[at] == '.') {
        end = skip_digits(text, at + 1);
        if (end == at + 1) return false;
        at = end;
    }
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
        ++at;
        if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
        end = skip_digits(text, at);
        if (end == at) return false;
        at = end;
    }
    return at == text.size();
}

std::optional<std::pair<std::string_view, std::string_view>> split_number_range(std::string_view text) {
    // The hyphen between the bounds is the one that leaves a number on both sides; those of signs and exponents do not.
    for (std::size_t hyphen = text.find('-', 1); hyphen != std::string_view::npos;
         hyphen = text.find('-', hyphen + 1)) {
        const std::string_view low = text.substr(0, hyphen);
        const std::string_view high = text.substr(hyphen + 1);
        if (is_json_number(low) && is_json_number(high)) return std::pair(low, high);
    }
    return std::nullopt;
}

}  // namespace config
