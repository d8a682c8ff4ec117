#include "server/http/head.h"

#include <algorithm>

namespace net {

namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

bool equals_ignoring_case(std::string_view left, std::string_view right) {
    return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                      [](char a, char b) { return lower(a) == lower(b); });
}

std::string lower_case(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(), lower);
    return result;
}

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::size_t HttpHead::count(std::string_view name) const {
    return static_cast<std::size_t>(std::count_if(
        fields.begin(), fields.end(), [&](const HttpField& field) { return equals_ignoring_case(field.name, name); }));
}

std::string_view HttpHead::field(std::string_view name) const {
    for (const HttpField& field : fields) {
        if (equals_ignoring_case(field.name, name)) return field.value;
    }
    return {};
}

std::string HttpHead::media_type() const {
    const std::string_view type = field("Content-Type");
    return lower_case(trimmed(type.substr(0, type.find(';'))));
}

std::optional<std::string_view> HttpHead::query_value(std::string_view name) const {
    for (const HttpPair& pair : query) {
        if (pair.name == name) return pair.value;
    }
    return std::nullopt;
}

}  // namespace net
