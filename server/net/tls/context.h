#pragma once
// TLS for the device ports and for --api-tls: one SSL_CTX each. Connector, policy and certificates are chosen for each
// connection inside OpenSSL's client-hello callback. [R3, R3a]

#include "certs/openssl_types.h"
#include "certs/server_certificates.h"
#include "certs/tls_policy.h"
#include "server/net/tls/session.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace net {

struct SniAccept {
    std::string connector;
    std::shared_ptr<const certs::TlsPolicy> policy;  // null: the default, TLSv1.2
    // Sessions resume only between connections with the same text: a connector's name, and something that changes when
    // the connector is deleted if that matters. The policy is always part of it.
    std::string session_context;
};
using SniVerdict = std::variant<SniAccept, SniRefuse>;

// Gets the name as sent, if any; see select_connector(). Called on the thread that drives the handshake.
using SniSelector = std::function<SniVerdict(std::optional<std::string_view> sni)>;

// Microseconds since 1970, real time.
using RealClock = std::function<std::int64_t()>;

enum class ClientCertificates { requested, not_asked_for };

// new_session() may be called on any thread. Must outlive its sessions. Not movable: callbacks hold its address.
class TlsContext {
  public:
    // Throws certs::Error if OpenSSL refuses the certificates or the default policy.
    TlsContext(std::shared_ptr<certs::ServerCertificates> certificates, SniSelector selector, RealClock real_now_us,
               ClientCertificates client_certificates = ClientCertificates::requested);
    TlsContext(const TlsContext&) = delete;
    TlsContext& operator=(const TlsContext&) = delete;

    // A server-side SSL in accept state on a non-blocking socket, which stays the caller's; fd -1: no socket. Null if
    // memory runs out. Reads and writes may be retried from another buffer, writes may be partial; the end of the
    // peer's stream without close_notify reads as SSL_ERROR_ZERO_RETURN. SIGPIPE must be ignored.
    SslPtr new_session(int fd) const;

    // From now on SSL_accept stops once, with SSL_ERROR_WANT_CLIENT_HELLO_CB, after the selector was called and the
    // certificates were chosen. From there it uses only the session and may continue on any thread.
    void hand_over_handshakes() { hands_over_ = true; }
    bool hands_over() const { return hands_over_; }

    // Passes each secret to `line`, as a line of the NSS key log without line end, on the thread that drives the
    // handshake (any). Call before the first session.
    void log_keys(std::function<void(std::string_view line)> line);

    // For OpenSSL's callbacks: chooses for this connection. Returns a TLS alert number, or -1 to continue.
    int on_client_hello(SSL* ssl) const;

  private:
    int accept(SSL* ssl, const SniAccept& choice) const;
    int strike(SSL* ssl, const HelloVerdict& verdict) const;
    bool choose_certificates(SSL* ssl, const std::string& name) const;

    std::shared_ptr<certs::ServerCertificates> certificates_;
    SniSelector selector_;
    RealClock real_now_us_;
    bool hands_over_ = false;
    std::function<void(std::string_view line)> key_line_;
    certs::TlsPolicy default_policy_;
    std::shared_ptr<const certs::ServerChains> usual_;
    certs::SslCtxPtr context_;
};

// For --api-tls: any name or none, no client certificate.
std::unique_ptr<TlsContext> make_api_tls_context(std::shared_ptr<certs::ServerCertificates> certificates,
                                                 RealClock real_now_us);

}  // namespace net
