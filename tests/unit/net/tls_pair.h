#pragma once
// A TLS client of OpenSSL's own and a server session of ours, connected in memory.

#include "certs/authority.h"
#include "certs/device_certificate.h"
#include "certs/openssl_types.h"
#include "certs/server_certificates.h"
#include "server/net/tls/context.h"
#include "server/net/tls/failure.h"
#include "server/net/tls/session.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <openssl/ssl.h>

namespace tls_test {

constexpr std::int64_t second_us = 1'000'000;
constexpr std::int64_t day_us = 86'400 * second_us;

struct SessionFree {
    void operator()(SSL_SESSION* p) const noexcept { SSL_SESSION_free(p); }
};
using SessionPtr = std::unique_ptr<SSL_SESSION, SessionFree>;

// Made once for the whole program, because RSA keys take time.
struct Keys {
    std::shared_ptr<const certs::Authority> authority;
    std::shared_ptr<certs::ServerCertificates> certificates;
    certs::DeviceCertificate device;  // CN = device-1
};
const Keys& keys();
std::int64_t real_now_us();

// The macro SSL_set_tlsext_host_name has a C cast.
void send_server_name(SSL* client, std::string name);

// A test client's differences from OpenSSL's defaults.
struct Client {
    std::string sni = "alpha.m2.exosite.io";  // empty: none
    std::string check_host;                   // empty: the SNI name
    int min_version = TLS1_VERSION;
    int max_version = TLS1_3_VERSION;
    std::string ciphers;
    std::string ciphersuites;  // of TLS 1.3
    std::string sigalgs;
    std::string groups;
    int security_level = 1;
    bool trusts_us = true;
    bool sends_certificate = false;
    certs::DeviceCertificate certificate;  // empty: keys().device
    int copies = 0;                        // of it, as the rest of its chain
    std::uint8_t max_fragment = TLSEXT_max_fragment_length_DISABLED;
    bool tickets = true;
    SSL_SESSION* resume = nullptr;
};

// Connector and policy by select_connector(); `policies` by connector name.
net::SniSelector selector(bool require_sni = true, std::shared_ptr<const certs::TlsPolicy> policy_of_legacy = nullptr);

class Pair {
  public:
    Pair(const net::TlsContext& server, const Client& client);

    bool handshake();  // drives both ends until both are done or one fails
    bool send_to_client(std::string_view bytes);
    bool send_to_server(std::string_view bytes);
    void raw_to_server(std::string_view bytes);  // not TLS
    void close_client_side();

    SSL* server() const { return server_.get(); }
    SSL* client() const { return client_.get(); }
    int server_error() const { return server_error_; }
    int alert_at_client() const { return alert_at_client_; }
    long client_verify_result() const { return SSL_get_verify_result(client_.get()); }
    std::size_t largest_record_at_client() const { return largest_record_; }
    bool client_got_ca_names() const { return ca_names_ > 0; }

    net::HandshakeFailure failure() const { return failure_; }  // explained if the server's end failed
    SessionPtr take_session();  // reads what is left (tickets), then the session to resume

    void on_record(int content, const void* bytes, std::size_t size);
    void on_alert(int alert) { alert_at_client_ = alert; }
    void keep_session(SSL_SESSION* session) { session_.reset(session); }

  private:
    bool step_server();
    bool step_client();

    certs::SslCtxPtr client_context_;
    net::SslPtr server_;
    net::SslPtr client_;
    SessionPtr session_;
    net::HandshakeFailure failure_;
    int server_error_ = 0;
    int alert_at_client_ = -1;
    int ca_names_ = 0;
    std::size_t largest_record_ = 0;
    bool server_failed_ = false;
    bool client_failed_ = false;
};

}  // namespace tls_test
