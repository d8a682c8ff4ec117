#pragma once
// The TLS of simulated devices: TLS 1.2 or newer; the server's certificate, its name and its dates are verified. Shared
// by many connections of one thread.

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
    // Trusts the certificates in `ca_pem`; empty: those of the system. Throws certs::Error where it has none.
    explicit TlsClient(const std::string& ca_pem);

    // On a connected socket. `name` is looked for in the certificate, and is said in SNI where `says_name` is set and
    // it is no IP address.
    SslPtr new_session(int socket, const std::string& name, bool says_name) const;

  private:
    certs::SslCtxPtr context_;
};

// Why the last call on it failed, in a few words: what is wrong with the certificate, or the alert that came.
std::string tls_failure(const SSL& ssl);

}  // namespace simulator
