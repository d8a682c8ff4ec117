#pragma once
// Turns a certificate as certs describes it into the devices' form. Any thread.

#include "server/core/peer.h"
#include "server/net/tls/session.h"

namespace net {

device::PeerCertificate peer_certificate(certs::ClientCertificate&& seen);

}  // namespace net
