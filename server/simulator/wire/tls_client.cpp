#include "server/simulator/wire/tls_client.h"

#include "certs/error.h"
#include "certs/pem.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

namespace simulator {
namespace {

bool is_ip_address(const std::string& name) {
    in6_addr six{};
    in_addr four{};
    return ::inet_pton(AF_INET, name.c_str(), &four) == 1 || ::inet_pton(AF_INET6, name.c_str(), &six) == 1;
}

}  // namespace

void FreeSsl::operator()(SSL* ssl) const noexcept {
    SSL_free(ssl);
}

TlsClient::TlsClient(const std::string& ca_pem) : context_(SSL_CTX_new(TLS_client_method())) {
    certs::require(context_ != nullptr, "no TLS");
    SSL_CTX_set_min_proto_version(context_.get(), TLS1_2_VERSION);
    SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
    // Idle connections hold no buffers.
    SSL_CTX_set_mode(context_.get(),
                     SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_session_cache_mode(context_.get(), SSL_SESS_CACHE_OFF);
    if (ca_pem.empty()) {
        certs::require(SSL_CTX_set_default_verify_paths(context_.get()) == 1, "the system's certificates");
        return;
    }
    const auto trusted = certs::certificates_from_pem(ca_pem);
    if (trusted.empty()) throw certs::Error("nothing that begins with -----BEGIN CERTIFICATE-----");
    for (const auto& each : trusted) X509_STORE_add_cert(SSL_CTX_get_cert_store(context_.get()), each.get());
}

SslPtr TlsClient::new_session(int socket, const std::string& name, bool says_name) const {
    SslPtr ssl(SSL_new(context_.get()));
    certs::require(ssl != nullptr && SSL_set_fd(ssl.get(), socket) == 1, "no TLS connection");
    if (is_ip_address(name)) {
        X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl.get()), name.c_str());
    } else {
        SSL_set1_host(ssl.get(), name.c_str());
        // What the macro SSL_set_tlsext_host_name does, without its old-style cast. OpenSSL copies the name.
        if (says_name) {
            SSL_ctrl(ssl.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                     const_cast<char*>(name.c_str()));
        }
    }
    SSL_set_connect_state(ssl.get());
    return ssl;
}

std::string tls_failure(const SSL& ssl) {
    const auto verdict = SSL_get_verify_result(&ssl);
    if (verdict != X509_V_OK) {
        ERR_clear_error();
        return std::string("the server's certificate: ") + X509_verify_cert_error_string(verdict);
    }
    if (ERR_peek_error() == 0) return "the server ended the TLS connection";
    return "TLS: " + certs::take_openssl_reason();
}

}  // namespace simulator
