#pragma once
// TLS-01, TLS-02, TLS-03 and TLS-12: what the device's handshakes offer. [R1, R3, R3a]

#include "server/verdict/watch.h"

namespace verdict {

std::unique_ptr<Watch> watch_tls_version(const Subject& subject, const Parameters& parameters);
std::unique_ptr<Watch> watch_server_name(const Subject& subject, const Parameters& parameters);
std::unique_ptr<Watch> watch_cipher_suites(const Subject& subject, const Parameters& parameters);
std::unique_ptr<Watch> watch_client_certificate(const Subject& subject, const Parameters& parameters);

}  // namespace verdict
