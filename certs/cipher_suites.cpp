#include "certs/cipher_suites.h"

#include "certs/error.h"
#include "certs/openssl_types.h"

#include <algorithm>

#include <openssl/err.h>
#include <openssl/ssl.h>

namespace certs {
namespace {

SslCtxPtr context_with_every_suite() {
    SslCtxPtr context(SSL_CTX_new(TLS_method()));
    require(context != nullptr, "cannot ask OpenSSL for its cipher suites");
    SSL_CTX_set_security_level(context.get(), 0);
    SSL_CTX_set_cipher_list(context.get(), "ALL:COMPLEMENTOFALL");
    SSL_CTX_set_ciphersuites(context.get(),
                             "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:"
                             "TLS_AES_128_CCM_SHA256:TLS_AES_128_CCM_8_SHA256");
    ERR_clear_error();
    return context;
}

bool is_insecure(const SSL_CIPHER* suite) {
    const int key_exchange = SSL_CIPHER_get_kx_nid(suite);
    const int authentication = SSL_CIPHER_get_auth_nid(suite);
    const bool plain_key_exchange = key_exchange == NID_kx_rsa || key_exchange == NID_kx_ecdhe ||
                                    key_exchange == NID_kx_dhe || key_exchange == NID_kx_any;
    const bool certificate =
        authentication == NID_auth_rsa || authentication == NID_auth_ecdsa || authentication == NID_auth_any;
    switch (SSL_CIPHER_get_cipher_nid(suite)) {
        case NID_undef:
        case NID_rc4:
        case NID_rc2_cbc:
        case NID_des_cbc:
        case NID_des_ede3_cbc:
        case NID_idea_cbc:
            return true;
        default:
            return !plain_key_exchange || !certificate;
    }
}

bool is_tls_1_3(const SSL_CIPHER* suite) {
    return (SSL_CIPHER_get_protocol_id(suite) >> 8U) == 0x13;
}

std::vector<CipherSuite> ask_openssl() {
    const SslCtxPtr context = context_with_every_suite();
    const STACK_OF(SSL_CIPHER)* known = SSL_CTX_get_ciphers(context.get());
    std::vector<CipherSuite> suites;
    for (int i = 0; i < sk_SSL_CIPHER_num(known); ++i) {
        const SSL_CIPHER* suite = sk_SSL_CIPHER_value(known, i);
        suites.push_back(
            {SSL_CIPHER_get_name(suite), SSL_CIPHER_standard_name(suite), is_tls_1_3(suite), is_insecure(suite)});
    }
    return suites;
}

}  // namespace

const std::vector<CipherSuite>& cipher_suites() {
    static const std::vector<CipherSuite> all = ask_openssl();
    return all;
}

const CipherSuite* find_cipher_suite(std::string_view name) {
    const auto& all = cipher_suites();
    const auto found = std::find_if(all.begin(), all.end(), [name](const CipherSuite& suite) {
        return suite.name == name || suite.iana_name == name;
    });
    return found == all.end() ? nullptr : &*found;
}

}  // namespace certs
