#include "server/net/tls/client_hello.h"

#include <algorithm>
#include <cstddef>

#include <openssl/ssl.h>

namespace net {
namespace {

// The extension's bytes; empty when absent.
std::string_view extension(SSL* ssl, unsigned int type) {
    const unsigned char* data = nullptr;
    std::size_t size = 0;
    if (SSL_client_hello_get0_ext(ssl, type, &data, &size) != 1) return {};
    return {reinterpret_cast<const char*>(data), size};
}

unsigned int byte_at(std::string_view bytes, std::size_t at) {
    return static_cast<unsigned char>(bytes[at]);
}
unsigned int two_bytes_at(std::string_view bytes, std::size_t at) {
    return byte_at(bytes, at) << 8U | byte_at(bytes, at + 1);
}

}  // namespace

// RFC 6066: list length (2), then type (1, host_name is 0), name length (2), name.
std::optional<std::string_view> client_hello_server_name(SSL* ssl) {
    const std::string_view bytes = extension(ssl, TLSEXT_TYPE_server_name);
    if (bytes.size() < 5 || two_bytes_at(bytes, 0) != bytes.size() - 2) return std::nullopt;
    if (byte_at(bytes, 2) != TLSEXT_NAMETYPE_host_name) return std::nullopt;
    const std::size_t length = two_bytes_at(bytes, 3);
    if (length == 0 || length > bytes.size() - 5) return std::nullopt;
    return bytes.substr(5, length);
}

int client_hello_max_version(SSL* ssl) {
    auto newest = SSL_client_hello_get0_legacy_version(ssl);
    // RFC 8446: list length (1), then versions (2 each). GREASE values (0x?a?a) are no versions.
    const std::string_view bytes = extension(ssl, TLSEXT_TYPE_supported_versions);
    for (std::size_t at = 1; at + 1 < bytes.size(); at += 2) {
        const unsigned int version = two_bytes_at(bytes, at);
        if (version <= TLS1_3_VERSION) newest = std::max(newest, version);
    }
    return static_cast<int>(newest);
}

}  // namespace net
