#include "server/api/access.h"

#include "server/api/base64.h"

#include <array>
#include <charconv>

#include <openssl/crypto.h>
#include <openssl/sha.h>

namespace api {

namespace {

// "host:port", "[v6]:port", "host" to the host in lower case; nullopt: malformed.
std::optional<std::string> host_of(std::string_view authority) {
    if (authority.starts_with('[')) {
        const auto end = authority.find(']');
        if (end == std::string_view::npos) return std::nullopt;
        return net::lower_case(authority.substr(1, end - 1));
    }
    return net::lower_case(authority.substr(0, authority.find(':')));
}

// Four decimal numbers, the first of them 127. A name such as 127.evil.example is none.
bool is_loopback_v4(std::string_view host) {
    for (int i = 0; i < 4; ++i) {
        const std::string_view part = host.substr(0, host.find('.'));
        unsigned value = 256;
        const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
        if (error != std::errc{} || end != part.data() + part.size() || value > 255) return false;
        if (i == 0 && value != 127) return false;
        if ((part.size() == host.size()) != (i == 3)) return false;
        host.remove_prefix(std::min(host.size(), part.size() + 1));
    }
    return true;
}

bool origin_is_loopback(std::string_view origin) {
    const auto scheme = origin.find("://");
    return scheme != std::string_view::npos && names_loopback(origin.substr(scheme + 3));
}

// Exosite's own tool asks for its own host name over TLS, led here by a hosts file. Every browser that can do TLS says
// that it is one, so a page whose name was rebound to this address cannot pass for that tool.
bool is_tool_over_tls(const net::HttpHead& head, const net::HttpPeer& peer) {
    return peer.tls && !head.has("Origin") && !head.has("Sec-Fetch-Site");
}

std::optional<device::ControlError> check_names(const net::HttpHead& head, const net::HttpPeer& peer) {
    if (!names_loopback(head.host()) && !is_tool_over_tls(head, peer)) {
        return device::ControlError{403,
                                    "forbidden_host",
                                    "the Host header must name localhost or a loopback address, or set an API token",
                                    {}};
    }
    if (head.has("Origin") && !origin_is_loopback(head.field("Origin"))) {
        return device::ControlError{403, "forbidden_origin", "pages of other origins may not call this API", {}};
    }
    return std::nullopt;
}

}  // namespace

bool names_loopback(std::string_view authority) {
    const auto host = host_of(net::trimmed(authority));
    return host && (*host == "localhost" || *host == "::1" || is_loopback_v4(*host));
}

std::optional<std::string> request_token(const net::HttpHead& head) {
    const std::string_view header = net::trimmed(head.field("Authorization"));
    const auto space = header.find(' ');
    if (space == std::string_view::npos) return std::nullopt;
    const std::string_view scheme = header.substr(0, space);
    const std::string_view value = net::trimmed(header.substr(space));
    if (net::equals_ignoring_case(scheme, "token") || net::equals_ignoring_case(scheme, "bearer")) {
        return std::string(value);
    }
    if (!net::equals_ignoring_case(scheme, "basic")) return std::nullopt;
    const auto decoded = base64_decode(value);
    const auto colon = decoded ? decoded->find(':') : std::string::npos;
    if (colon == std::string::npos) return std::nullopt;
    return decoded->substr(colon + 1);
}

bool same_secret(std::string_view left, std::string_view right) {
    // Digests have one length, so that not even the length of the secret shows.
    const auto digest = [](std::string_view text) {
        std::array<unsigned char, SHA256_DIGEST_LENGTH> result{};
        SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), result.data());
        return result;
    };
    const auto a = digest(left);
    const auto b = digest(right);
    return CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::optional<device::ControlError> check_access(const AccessPolicy& policy, const net::HttpHead& head,
                                                 const net::HttpPeer& peer, Access access) {
    if (policy.token.empty()) return peer.loopback_listener ? check_names(head, peer) : std::nullopt;
    if (access != Access::token) return std::nullopt;
    const auto token = request_token(head);
    if (token && (same_secret(*token, policy.token) || (policy.issued_token && policy.issued_token(*token)))) {
        return std::nullopt;
    }
    return device::ControlError{
        401, "unauthorized", "this server has an API token: send \"Authorization: token <the token>\"", {}};
}

}  // namespace api
