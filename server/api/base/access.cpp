#include "server/api/base/access.h"

#include "server/text/base64.h"

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

// Scheme, host and port of the page are those of this request: nothing else that runs on this machine is our origin. A
// browser leaves out the port that a scheme has by itself, in both fields alike.
bool is_own_origin(const net::HttpHead& head, const net::HttpPeer& peer) {
    const std::string own = (peer.tls ? "https://" : "http://") + std::string(net::trimmed(head.host()));
    return net::equals_ignoring_case(net::trimmed(head.field("Origin")), own);
}

// What a browser says of the page that made it ask: "none" is the user, who typed the address.
bool asked_by_foreign_page(const net::HttpHead& head) {
    const std::string_view site = net::trimmed(head.field("Sec-Fetch-Site"));
    return head.has("Sec-Fetch-Site") && site != "same-origin" && site != "none";
}

// Exosite's own tool asks for its own host name over TLS, led here by a hosts file. Every browser that can do TLS says
// that it is one, so a page whose name was rebound to this address cannot pass for that tool.
bool is_tool_over_tls(const net::HttpHead& head, const net::HttpPeer& peer) {
    return peer.tls && !head.has("Origin") && !head.has("Sec-Fetch-Site");
}

bool changes_something(const net::HttpHead& head) {
    return head.method != "GET" && head.method != "HEAD";
}

// Of our own page. A foreign one cannot set it: the browser would ask us first, and we do not answer such questions.
bool has_page_header(const net::HttpHead& head) {
    return net::trimmed(head.field("X-Murano-Page")) == "1";
}

Error foreign_page() {
    return {403, "forbidden_origin", "pages of other origins may not call this API", {}};
}

std::optional<Error> check_page(const net::HttpHead& head) {
    const bool by_browser = head.has("Origin") || head.has("Sec-Fetch-Site");
    if (!by_browser || !changes_something(head) || has_page_header(head)) return std::nullopt;
    return Error{
        403, "no_page_header", "a call from a browser that changes something must carry \"X-Murano-Page: 1\"", {}};
}

std::optional<Error> check_caller(const net::HttpHead& head, const net::HttpPeer& peer) {
    if (peer.loopback_listener && !names_loopback(head.host()) && !is_tool_over_tls(head, peer)) {
        return Error{403,
                     "forbidden_host",
                     "the Host header must name localhost or a loopback address, or set an API token",
                     {}};
    }
    if (head.has("Origin") && !is_own_origin(head, peer)) return foreign_page();
    if (asked_by_foreign_page(head)) return foreign_page();
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
    const auto decoded = text::base64_decode(value);
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

std::optional<Error> check_access(const AccessPolicy& policy, const net::HttpHead& head, const net::HttpPeer& peer,
                                  Access access) {
    if (policy.token.empty()) {
        if (auto error = check_caller(head, peer)) return error;
    }
    if (policy.page_header) {
        if (auto error = check_page(head)) return error;
    }
    if (policy.token.empty() || access != Access::token) return std::nullopt;
    const auto token = request_token(head);
    if (token && (same_secret(*token, policy.token) || (policy.issued_token && policy.issued_token(*token)))) {
        return std::nullopt;
    }
    return Error{401, "unauthorized", "this server has an API token: send \"Authorization: token <the token>\"", {}};
}

}  // namespace api
