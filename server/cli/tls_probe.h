#pragma once
// One connection to a device port as a device makes it: TCP, TLS with SNI, the certificate judged, and a login. Blocks.

#include "certs/openssl_types.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace cli {

struct TlsTarget {
    std::string address, port;  // where to connect: an IP address
    std::string name;           // said in SNI unless it is an IP address, and looked for in the certificate
    std::string ca_pem;         // what is trusted
};

enum class TlsEnd : unsigned char {
    unreachable,    // no TCP connection
    no_handshake,   // it was refused, or this is no TLS
    unknown_name,   // the server has nothing under that name: alert unrecognized_name
    untrusted,      // another authority has signed its certificate
    wrong_name,     // the certificate is not for that name
    not_valid_now,  // by the clock of this machine
    good
};

class TlsProbe {
  public:
    // Throws certs::Error where `ca_pem` has no certificate.
    explicit TlsProbe(const TlsTarget& target, std::chrono::milliseconds patience = std::chrono::milliseconds(5000));
    ~TlsProbe();
    TlsProbe(const TlsProbe&) = delete;
    TlsProbe& operator=(const TlsProbe&) = delete;

    TlsEnd end() const { return end_; }
    bool connected() const { return end_ >= TlsEnd::untrusted; }
    const std::string& error() const { return error_; }    // of the system or OpenSSL, in a few words
    const std::string& issuer() const { return issuer_; }  // of the certificate that was shown; empty: none

    // CONNECT with that password and an empty user name (no token: anonymous), then DISCONNECT: the code of the
    // CONNACK, or nothing where the server ended the connection. Only where there was a handshake: see connected().
    std::optional<int> log_in(const std::string& token);

  private:
    struct FreeSsl {
        void operator()(SSL* ssl) const noexcept;
    };

    bool dial(const TlsTarget& target, std::chrono::milliseconds patience);
    void shake_hands(const TlsTarget& target);
    void judge_certificate();

    int socket_ = -1;
    certs::SslCtxPtr context_;
    std::unique_ptr<SSL, FreeSsl> ssl_;
    TlsEnd end_ = TlsEnd::unreachable;
    std::string error_, issuer_;
};

// Whether `name` is an IP address, which has no place in SNI (RFC 6066).
bool is_ip_address(const std::string& name);

}  // namespace cli
