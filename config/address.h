#pragma once
// Checks and splits addresses and names as text. Nothing is resolved.

#include "config/settings.h"

#include <optional>
#include <string_view>

namespace config {

// IPv4 or IPv6, without brackets or zone.
bool is_ip_address(std::string_view text);

// An address, or `address/bits`. [R53]
bool is_ip_or_cidr(std::string_view text);

// 127.0.0.0/8 or ::1; `host`: as in Endpoint.
bool is_loopback(std::string_view host);

// `ADDR:PORT` with an IP address or `localhost`; IPv6 as `[::]:8883`; port 0 to 65535.
std::optional<Endpoint> parse_endpoint(std::string_view text);
std::string to_string(const Endpoint& endpoint);

// Whether `text` ends in a port number outside of 0 to 65535.
bool has_impossible_port(std::string_view text);

// `ADDR:PORT` or `ADDR:PORT=CONNECTOR`.
std::optional<PlainEndpoint> parse_plain_endpoint(std::string_view text);
std::string to_string(const PlainEndpoint& endpoint);

// `[a-z0-9-]{1,63}` [R3]
bool is_connector_id(std::string_view text);

// Lower-case labels of letters, digits and hyphens, separated by dots, at most 253 characters.
bool is_domain(std::string_view text);

// `http://…` or `https://…` without white space.
bool is_http_url(std::string_view text);

// As is_http_url(), for the beginning of content links: may contain `{host}` and `{connector}`, no query. [R60]
bool is_content_base(std::string_view text);
inline constexpr const char* content_base_rule =
    "an http:// or https:// URL, in which {host} stands for the host name that the device used, and {connector} for "
    "its connector";

// `HOST:PORT`, `:PORT` or `PORT`: the device port as reached from outside.
bool is_outside_address(std::string_view text);

// Whether it can name a file: no control characters (as from "C:\temp" in JSON), no Windows drive letter.
bool is_path(std::string_view text);

// 1 to 65535, decimal.
bool is_port(std::string_view text);

}  // namespace config
