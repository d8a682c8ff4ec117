#include "server/net/peer_certificate.h"

#include <utility>

namespace net {

device::PeerCertificate peer_certificate(certs::ClientCertificate&& seen) {
    return {.pem = std::move(seen.pem),
            .chain_pem = std::move(seen.chain_pem),
            .common_name = std::move(seen.common_name),
            .name_fault = std::move(seen.name_fault),
            .common_names = seen.common_names,
            .fingerprint = std::move(seen.fingerprint_sha256),
            .not_before_us = seen.not_before_us,
            .not_after_us = seen.not_after_us};
}

}  // namespace net
