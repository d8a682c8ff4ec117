#pragma once
// One step of a connection's handshake, on any thread: the reason of a failure is in that thread's OpenSSL error queue,
// so it is explained at once.

#include "server/net/tls/failure.h"
#include "server/net/transport.h"

#include <optional>

namespace net {

struct HandshakeStep {
    IoStatus status = IoStatus::ok;
    std::optional<HandshakeFailure> failure;  // with IoStatus::end and error
};

// Never throws; nothing else may use the transport meanwhile.
HandshakeStep step_handshake(Transport& transport);

}  // namespace net
