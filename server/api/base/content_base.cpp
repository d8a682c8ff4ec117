#include "server/api/base/content_base.h"

#include <charconv>

namespace api {
namespace {

// Brackets of an IPv6 address stay.
std::string_view without_port(std::string_view authority) {
    const auto colon = authority.rfind(':');
    const auto bracket = authority.rfind(']');
    const bool port = colon != std::string_view::npos && (bracket == std::string_view::npos || bracket < colon);
    return port ? authority.substr(0, colon) : authority;
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
        text.replace(at, what.size(), with);
    }
}

std::string outside_base(std::string_view outside, std::string_view host) {
    const auto colon = outside.rfind(':');
    if (colon != std::string_view::npos && colon > 0) host = outside.substr(0, colon);
    return "https://" + std::string(host) + ':' + std::string(outside.substr(colon + 1));  // npos + 1 is 0
}

}  // namespace

std::string content_base(const ContentAddress& address, std::string_view authority, std::string_view connector) {
    const std::string_view host = without_port(authority);
    std::string base(address.of_connector.empty() ? address.of_server : address.of_connector);
    if (base.empty())
        return address.outside.empty() ? "https://" + std::string(authority) : outside_base(address.outside, host);
    replace_all(base, "{host}", host);
    replace_all(base, "{connector}", connector);
    while (base.ends_with('/')) base.pop_back();
    return base;
}

bool names_port(std::string_view authority) {
    const auto host = without_port(authority);
    constexpr std::string_view fit = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_[]:";
    return host.size() < authority.size() && !host.empty() && host.find_first_not_of(fit) == std::string_view::npos &&
           outside_port(authority).value_or(0) != 0;
}

std::optional<std::uint16_t> outside_port(std::string_view outside) {
    const auto text = outside.substr(outside.rfind(':') + 1);
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return port;
}

}  // namespace api
