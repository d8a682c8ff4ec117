#include "server/net/tls/session.h"

#include "certs/openssl_types.h"
#include "server/net/tls/client_chain.h"

#include <new>

#include <openssl/ssl.h>

namespace net {
namespace {

void free_notes(void*, void* notes, CRYPTO_EX_DATA*, int, long, void*) {
    const std::unique_ptr<HandshakeNotes> owned(static_cast<HandshakeNotes*>(notes));
}

int notes_index() {
    static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, free_notes);
    return index;
}

}  // namespace

void SslFree::operator()(SSL* ssl) const noexcept {
    if (SSL_is_init_finished(ssl) == 1) SSL_set_shutdown(ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    SSL_free(ssl);
}

HandshakeNotes* handshake_notes(const SSL* ssl) {
    return static_cast<HandshakeNotes*>(SSL_get_ex_data(ssl, notes_index()));
}

bool attach_handshake_notes(SSL* ssl) {
    std::unique_ptr<HandshakeNotes> notes(new (std::nothrow) HandshakeNotes);
    if (!notes || SSL_set_ex_data(ssl, notes_index(), notes.get()) != 1) return false;
    static_cast<void>(notes.release());  // now the SSL's: free_notes
    return true;
}

std::string_view tls_connector(const SSL* ssl) {
    return handshake_notes(ssl)->connector;
}
std::string_view tls_sni(const SSL* ssl) {
    return handshake_notes(ssl)->sni;
}
std::string_view tls_version(const SSL* ssl) {
    return SSL_get_version(ssl);
}

std::string_view tls_cipher(const SSL* ssl) {
    const SSL_CIPHER* cipher = SSL_get_current_cipher(ssl);
    return cipher == nullptr ? std::string_view() : SSL_CIPHER_get_name(cipher);
}

bool tls_resumed(const SSL* ssl) {
    return SSL_session_reused(ssl) == 1;
}

std::optional<certs::ClientCertificate> tls_client_certificate(SSL* ssl) {
    X509* certificate = SSL_get0_peer_certificate(ssl);
    if (certificate == nullptr) return std::nullopt;
    auto seen = certs::describe_certificate(certificate);
    seen.chain_pem = client_chain_pem(ssl);
    return seen;
}

}  // namespace net
