#include "config/address.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include <arpa/inet.h>

namespace config {

namespace {

std::optional<unsigned> decimal(std::string_view text) {
    unsigned value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

bool is_family(int family, std::string_view text) {
    std::array<unsigned char, sizeof(in6_addr)> bytes{};
    return text.find('\0') == std::string_view::npos && inet_pton(family, std::string(text).c_str(), bytes.data()) == 1;
}

bool label_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

bool is_label(std::string_view label) {
    return !label.empty() && label.size() <= 63 && std::all_of(label.begin(), label.end(), label_character);
}

}  // namespace

bool is_ip_address(std::string_view text) {
    return is_family(AF_INET, text) || is_family(AF_INET6, text);
}

bool is_ip_or_cidr(std::string_view text) {
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos) return is_ip_address(text);
    const std::string_view address = text.substr(0, slash);
    const unsigned most = is_family(AF_INET, address) ? 32 : 128;
    const std::optional<unsigned> bits = decimal(text.substr(slash + 1));
    return is_ip_address(address) && bits && *bits <= most;
}

bool is_loopback(std::string_view host) {
    if (is_family(AF_INET, host)) return host.starts_with("127.");
    std::array<unsigned char, sizeof(in6_addr)> bytes{};
    if (!is_family(AF_INET6, host)) return false;
    inet_pton(AF_INET6, std::string(host).c_str(), bytes.data());
    return std::all_of(bytes.begin(), bytes.end() - 1, [](unsigned char b) { return b == 0; }) && bytes.back() == 1;
}

std::optional<Endpoint> parse_endpoint(std::string_view text) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const std::optional<unsigned> port = decimal(text.substr(colon + 1));
    if (!port || *port > 65535) return std::nullopt;
    std::string_view host = text.substr(0, colon);
    if (host == "localhost") host = "127.0.0.1";
    const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    if (bracketed) host = host.substr(1, host.size() - 2);
    if (!is_family(bracketed ? AF_INET6 : AF_INET, host)) return std::nullopt;
    return Endpoint{std::string(host), static_cast<std::uint16_t>(*port)};
}

bool has_impossible_port(std::string_view text) {
    const std::string_view port = text.substr(text.rfind(':') + 1);
    const std::string_view digits = port.substr(port.starts_with('-') ? 1 : 0);
    const bool number = !digits.empty() && digits.find_first_not_of("0123456789") == std::string_view::npos;
    const std::optional<unsigned> value = decimal(port);
    return number && port.size() < text.size() && (!value || *value > 65535);
}

std::string to_string(const Endpoint& endpoint) {
    const bool v6 = endpoint.host.find(':') != std::string::npos;
    return (v6 ? "[" + endpoint.host + "]" : endpoint.host) + ":" + std::to_string(endpoint.port);
}

std::optional<PlainEndpoint> parse_plain_endpoint(std::string_view text) {
    const std::size_t equals = text.find('=');
    const std::optional<Endpoint> endpoint = parse_endpoint(text.substr(0, equals));
    if (!endpoint) return std::nullopt;
    if (equals == std::string_view::npos) return PlainEndpoint{*endpoint, ""};
    const std::string_view connector = text.substr(equals + 1);
    if (!is_connector_id(connector)) return std::nullopt;
    return PlainEndpoint{*endpoint, std::string(connector)};
}

std::string to_string(const PlainEndpoint& endpoint) {
    const std::string address = to_string(endpoint.endpoint);
    return endpoint.connector.empty() ? address : address + "=" + endpoint.connector;
}

bool is_connector_id(std::string_view text) {
    return is_label(text);
}

bool is_domain(std::string_view text) {
    if (text.size() > 253) return false;
    for (std::size_t begin = 0;;) {
        const std::size_t dot = text.find('.', begin);
        const std::string_view label = text.substr(begin, dot == std::string_view::npos ? dot : dot - begin);
        if (!is_label(label) || label.front() == '-' || label.back() == '-') return false;
        if (dot == std::string_view::npos) return true;
        begin = dot + 1;
    }
}

bool is_http_url(std::string_view text) {
    const bool scheme = text.starts_with("http://") || text.starts_with("https://");
    const bool rest = text.size() > text.find("://") + 3;
    const auto odd = [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == '"' || c == '\x7f'; };
    return scheme && rest && std::none_of(text.begin(), text.end(), odd);
}

bool is_content_base(std::string_view text) {
    if (!is_http_url(text) || text.find_first_of("?#") != std::string_view::npos) return false;
    for (auto at = text.find_first_of("{}"); at != std::string_view::npos; at = text.find_first_of("{}")) {
        text.remove_prefix(at);
        const auto end = text.find('}');
        const auto name = text.substr(0, end == std::string_view::npos ? text.size() : end + 1);
        if (name != "{host}" && name != "{connector}") return false;
        text.remove_prefix(name.size());
    }
    return true;
}

bool is_outside_address(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) return is_port(text);
    const auto host = text.substr(0, colon);
    const bool v6 = host.starts_with('[') && host.ends_with(']') && is_ip_address(host.substr(1, host.size() - 2));
    return is_port(text.substr(colon + 1)) && (host.empty() || v6 || is_domain(host));
}

bool is_path(std::string_view text) {
    const auto control = [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; };
    const bool letter = !text.empty() && ((text[0] | 0x20) >= 'a' && (text[0] | 0x20) <= 'z');
    const bool drive = letter && text.size() > 2 && text[1] == ':' && (text[2] == '\\' || text[2] == '/');
    return !text.empty() && !drive && std::none_of(text.begin(), text.end(), control);
}

bool is_port(std::string_view text) {
    const std::optional<unsigned> port = decimal(text);
    return port && *port >= 1 && *port <= 65535;
}

}  // namespace config
