#pragma once
// The meaning of a TLS alert sent by a client.

#include "server/net/tls/failure.h"

namespace net {

// `alert` is the number in the alert record (RFC 8446, section 6).
HandshakeFailure explain_client_alert(int alert);

}  // namespace net
