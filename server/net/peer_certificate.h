#pragma once
// A certificate as certs describes it, turned into what the devices know of it. Any thread.

#include "server/core/peer.h"
#include "server/net/tls/session.h"

namespace net {

device::PeerCertificate peer_certificate(certs::ClientCertificate&& seen);

}  // namespace net
