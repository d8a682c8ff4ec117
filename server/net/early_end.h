#pragma once
// Why a connection of a device port ended before MQTT began, in words for a firmware developer. [MQTT-3.1.0-1]

#include "server/core/close_reason.h"
#include "server/net/tls/failure.h"

#include <cstddef>
#include <cstdint>
#include <string>

#include <openssl/types.h>

namespace net {

// An open connection (TLS handshake, if any, done) that ends without a CONNECT. `ssl`: null on a port without TLS.
// `bytes`: received inside TLS. Slug: no_connect.
HandshakeFailure explain_missing_connect(const SSL* ssl, device::CloseReason reason, std::uint64_t bytes);

// `count` connections of an address ended before a single byte came; see BareConnects.
HandshakeFailure explain_bare_connects(const std::string& address, std::size_t count);

}  // namespace net
