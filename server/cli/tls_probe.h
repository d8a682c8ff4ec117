#pragma once
// One connection to a device port, made as a device does: TCP, TLS with SNI, check of the certificate, login. Blocks.

#include "certs/openssl_types.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace cli {

struct TlsTarget {
    std::string address, port;  // the IP address to connect to
    std::string name;           // sent in SNI unless it is an IP address, and compared with the certificate
    std::string ca_pem;         // the trusted certificates
};

enum class TlsEnd : unsigned char {
    unreachable,    // no TCP connection
    no_handshake,   // refused, or not TLS
    unknown_name,   // the server refuses that name: alert unrecognized_name
    untrusted,      // signed by another authority
    wrong_name,     // the certificate is not for that name
    not_valid_now,  // by this machine's clock
    good
};

class TlsProbe {
  public:
    // Throws certs::Error if `ca_pem` has no certificate.
    explicit TlsProbe(const TlsTarget& target, std::chrono::milliseconds patience = std::chrono::milliseconds(5000));
    ~TlsProbe();
    TlsProbe(const TlsProbe&) = delete;
    TlsProbe& operator=(const TlsProbe&) = delete;

    TlsEnd end() const { return end_; }
    bool connected() const { return end_ >= TlsEnd::untrusted; }
    const std::string& error() const { return error_; }    // of the system or OpenSSL, in a few words
    const std::string& issuer() const { return issuer_; }  // of the server's certificate; empty: none

    // Sends CONNECT with that password and an empty user name (no token: anonymous), then DISCONNECT. Returns the
    // CONNACK code, or nullopt if the server closed. Requires connected().
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

// Whether `name` is an IP address, which SNI does not allow (RFC 6066).
bool is_ip_address(const std::string& name);

}  // namespace cli
