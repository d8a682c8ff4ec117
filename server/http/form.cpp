#include "server/http/form.h"

#include "protocol/utf8_string.h"
#include "server/text/hex.h"

#include <algorithm>

namespace net {

namespace {

bool unreserved(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_' || c == '~';
}

// A target "http://host:port/path?query" in its parts. Of another form: nullopt.
struct AbsoluteTarget {
    std::string_view scheme, authority, path;
};
std::optional<AbsoluteTarget> absolute_target(std::string_view target) {
    const auto scheme = target.find("://");
    if (target.starts_with('/') || scheme == std::string_view::npos) return std::nullopt;
    const auto rest = target.substr(scheme + 3);
    const auto path = std::min(rest.find_first_of("/?#"), rest.size());
    return AbsoluteTarget{target.substr(0, scheme), rest.substr(0, path),
                          path == rest.size() ? std::string_view("/") : rest.substr(path)};
}

// In lower case, and without a port that the scheme has by itself.
std::string normal_authority(std::string_view scheme, std::string_view authority) {
    const std::string_view port = equals_ignoring_case(scheme, "https") ? ":443" : ":80";
    if (authority.ends_with(port)) authority.remove_suffix(port.size());
    return lower_case(authority);
}

// False: it is no authority.
bool take_authority(HttpHead& head, const AbsoluteTarget& target) {
    if (target.authority.empty() || target.authority.find('@') != std::string_view::npos) return false;
    for (HttpField& field : head.fields) {
        if (!equals_ignoring_case(field.name, "Host")) continue;
        head.host_differs =
            normal_authority(target.scheme, trimmed(field.value)) != normal_authority(target.scheme, target.authority);
        field.value = target.authority;
        return true;
    }
    head.fields.push_back({"Host", std::string(target.authority)});
    return true;
}

}  // namespace

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space) {
    std::string result;
    result.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '%') {
            if (i + 2 >= text.size()) return std::nullopt;
            const int high = ::text::hex_digit(text[i + 1]);
            const int low = ::text::hex_digit(text[i + 2]);
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
    std::string_view rest = head.target;
    if (const auto absolute = absolute_target(head.target)) {
        if (!take_authority(head, *absolute)) return false;
        rest = absolute->path;
    }
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
