#include "server/net/tls/client_chain.h"

#include "certs/openssl_types.h"
#include "certs/pem.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

namespace net {
namespace {

// One behind the other: DER says where it ends.
std::string sent_chain(const SSL* ssl) {
    const STACK_OF(X509)* sent = SSL_get_peer_cert_chain(ssl);  // without the client's own
    std::string der;
    for (int i = 0; sent != nullptr && i < sk_X509_num(sent) && i < longest_client_chain; ++i) {
        const X509* certificate = sk_X509_value(sent, i);
        const int size = i2d_X509(certificate, nullptr);
        if (size <= 0 || der.size() + static_cast<std::size_t>(size) > most_client_chain_bytes) break;
        const std::size_t start = der.size();
        der.resize(start + static_cast<std::size_t>(size));
        auto* out = reinterpret_cast<unsigned char*>(der.data() + start);
        i2d_X509(certificate, &out);
    }
    return der;
}

std::string chain_of_ticket(SSL* ssl) {
    SSL_SESSION* session = SSL_get_session(ssl);
    void* data = nullptr;
    std::size_t size = 0;
    if (session == nullptr || SSL_SESSION_get0_ticket_appdata(session, &data, &size) != 1 || data == nullptr) return "";
    return {static_cast<const char*>(data), size};
}

// A resumed session keeps what its ticket held: 1 lets the ticket be made either way.
int put_chain_into_ticket(SSL* ssl, void*) {
    const std::string der = sent_chain(ssl);
    if (der.empty()) return 1;
    return SSL_SESSION_set1_ticket_appdata(SSL_get_session(ssl), der.data(), der.size());
}

std::string to_pem(const std::string& der) {
    std::string pem;
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    const unsigned char* end = at + der.size();
    while (at < end) {
        const certs::X509Ptr certificate(d2i_X509(nullptr, &at, static_cast<long>(end - at)));
        if (!certificate) break;
        pem += certs::to_pem(certificate.get());
    }
    ERR_clear_error();
    return pem;
}

}  // namespace

void keep_client_chains(SSL_CTX* context) {
    SSL_CTX_set_session_ticket_cb(context, put_chain_into_ticket, nullptr, nullptr);
}

std::string client_chain_pem(SSL* ssl) {
    const std::string sent = sent_chain(ssl);
    return to_pem(sent.empty() ? chain_of_ticket(ssl) : sent);
}

}  // namespace net
