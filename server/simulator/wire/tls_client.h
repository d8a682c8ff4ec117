#pragma once
// TLS for simulated devices: TLS 1.2 or newer; verifies the server's certificate, name and dates. Shared by many
// connections of one thread.

#include "certs/openssl_types.h"

#include <memory>
#include <string>

namespace simulator {

struct FreeSsl {
    void operator()(SSL* ssl) const noexcept;
};
using SslPtr = std::unique_ptr<SSL, FreeSsl>;

class TlsClient {
  public:
    // Trusts the certificates in `ca_pem`; empty: the system's. Throws certs::Error if it contains none.
    explicit TlsClient(const std::string& ca_pem);

    // On a connected socket. `name` is compared with the certificate, and sent in SNI if `says_name` is set and it is
    // not an IP address.
    SslPtr new_session(int socket, const std::string& name, bool says_name) const;

  private:
    certs::SslCtxPtr context_;
};

// Why the last call on it failed, in a few words: what is wrong with the certificate, or the alert received.
std::string tls_failure(const SSL& ssl);

}  // namespace simulator
