#pragma once
// One step of a connection's handshake, on whatever thread: why it failed is in that thread's OpenSSL error queue, so
// it is put into words at once.

#include "server/net/tls/failure.h"
#include "server/net/transport.h"

#include <optional>

namespace net {

struct HandshakeStep {
    IoStatus status = IoStatus::ok;
    std::optional<HandshakeFailure> failure;  // with IoStatus::end and error
};

// Never throws; the transport is nobody else's meanwhile.
HandshakeStep step_handshake(Transport& transport);

}  // namespace net
