#include "server/net/http_form.h"

#include "protocol/utf8_string.h"

namespace net {

namespace {

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool unreserved(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_' || c == '~';
}

// "http://host/path" to "/path"; a path stays as it is.
std::string_view without_authority(std::string_view target) {
    const auto scheme = target.find("://");
    if (target.starts_with('/') || scheme == std::string_view::npos) return target;
    const auto path = target.find_first_of("/?", scheme + 3);
    return path == std::string_view::npos ? "/" : target.substr(path);
}

}  // namespace

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space) {
    std::string result;
    result.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '%') {
            if (i + 2 >= text.size()) return std::nullopt;
            const int high = hex_digit(text[i + 1]);
            const int low = hex_digit(text[i + 2]);
            if (high < 0 || low < 0) return std::nullopt;
            c = static_cast<char>(high * 16 + low);
            i += 2;
        } else if (c == '+' && plus_is_space) {
            c = ' ';
        }
        if (c == '\0') return std::nullopt;
        result += c;
    }
    if (protocol::check_text(result) > protocol::TextQuality::doubtful) return std::nullopt;
    return result;
}

std::string percent_encode(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string result;
    for (const char c : text) {
        if (unreserved(c)) {
            result += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        result += '%';
        result += digits[byte >> 4U];
        result += digits[byte & 15U];
    }
    return result;
}

std::optional<std::vector<HttpPair>> parse_form(std::string_view text, std::size_t max_pairs) {
    std::vector<HttpPair> pairs;
    while (!text.empty()) {
        const std::string_view part = text.substr(0, text.find('&'));
        text.remove_prefix(part.size() == text.size() ? part.size() : part.size() + 1);
        if (part.empty()) continue;
        const auto equals = part.find('=');
        auto name = percent_decode(part.substr(0, equals), true);
        auto value = percent_decode(equals == std::string_view::npos ? "" : part.substr(equals + 1), true);
        if (!name || !value || pairs.size() == max_pairs) return std::nullopt;
        pairs.push_back({std::move(*name), std::move(*value)});
    }
    return pairs;
}

bool parse_target(HttpHead& head) {
    std::string_view rest = without_authority(head.target);
    rest = rest.substr(0, rest.find('#'));
    const auto question = rest.find('?');
    if (question != std::string_view::npos) {
        auto query = parse_form(rest.substr(question + 1));
        if (!query) return false;
        head.query = std::move(*query);
    }
    std::string_view path = rest.substr(0, question);
    if (path == "*") {
        head.segments = {"*"};
        return true;
    }
    if (!path.empty() && !path.starts_with('/')) return false;
    head.trailing_slash = path.size() > 1 && path.ends_with('/');
    if (!path.empty()) path.remove_prefix(1);
    if (head.trailing_slash) path.remove_suffix(1);
    while (!path.empty()) {
        const std::string_view part = path.substr(0, path.find('/'));
        auto segment = percent_decode(part);
        if (!segment) return false;
        head.segments.push_back(std::move(*segment));
        const bool last = part.size() == path.size();
        path.remove_prefix(last ? part.size() : part.size() + 1);
        if (!last && path.empty()) head.segments.emplace_back();
    }
    return true;
}

}  // namespace net
