#pragma once
// Fields of a ClientHello, read inside OpenSSL's client-hello callback.

#include <optional>
#include <string_view>

#include <openssl/types.h>

namespace net {

// The host name of the server_name extension; nullopt if absent or malformed (OpenSSL then refuses it). Points into the
// ClientHello: valid during the callback.
std::optional<std::string_view> client_hello_server_name(SSL* ssl);

// The highest TLS version offered, as OpenSSL's number (0x0303 is TLS 1.2).
int client_hello_max_version(SSL* ssl);

}  // namespace net
