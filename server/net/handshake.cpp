#include "server/net/handshake.h"

namespace net {

HandshakeStep step_handshake(Transport& transport) {
    HandshakeStep step{.status = transport.handshake().status, .failure = std::nullopt};
    const bool failed = step.status == IoStatus::end || step.status == IoStatus::error;
    if (failed) step.failure = explain_handshake_failure(transport.tls(), transport.tls_error());
    return step;
}

}  // namespace net
