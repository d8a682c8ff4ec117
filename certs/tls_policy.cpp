#include "certs/tls_policy.h"

#include "certs/openssl_types.h"

#include <array>
#include <optional>

#include <openssl/err.h>
#include <openssl/ssl.h>

namespace certs {
namespace {

constexpr const char* modern_suites =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:"
    "ECDHE-ECDSA-AES128-CCM:ECDHE-ECDSA-AES256-CCM:"
    "ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-CHACHA20-POLY1305:"
    "DHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-GCM-SHA384:DHE-RSA-CHACHA20-POLY1305";
constexpr const char* tls_1_3_suites = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";

struct VersionName {
    std::string_view name;
    int version;
};
constexpr std::array<VersionName, 6> version_names{{{"", TLS1_2_VERSION},
                                                    {"TLSv1", TLS1_VERSION},
                                                    {"TLSv1.0", TLS1_VERSION},
                                                    {"TLSv1.1", TLS1_1_VERSION},
                                                    {"TLSv1.2", TLS1_2_VERSION},
                                                    {"TLSv1.3", TLS1_3_VERSION}}};

std::optional<int> parse_version(std::string_view name) {
    for (const VersionName& known : version_names)
        if (known.name == name) return known.version;
    return std::nullopt;
}

// Everything that this OpenSSL can do, weak or not, so that a name can be told from a typing mistake.
SslCtxPtr context_with_every_suite() {
    SslCtxPtr context(SSL_CTX_new(TLS_method()));
    if (!context) return nullptr;
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

struct SuiteLookup {
    const SSL_CIPHER* suite = nullptr;
    std::string error;
};

SuiteLookup look_up(const SSL_CTX* every, const std::string& name) {
    const STACK_OF(SSL_CIPHER)* suites = SSL_CTX_get_ciphers(every);
    for (int i = 0; i < sk_SSL_CIPHER_num(suites); ++i) {
        const SSL_CIPHER* suite = sk_SSL_CIPHER_value(suites, i);
        if (name == SSL_CIPHER_get_name(suite)) {
            if (is_insecure(suite)) return {nullptr, "the cipher suite '" + name + "' is insecure and never used"};
            return {suite, ""};
        }
        if (name == SSL_CIPHER_standard_name(suite))
            return {nullptr, "'" + name + "' is not OpenSSL's name of a cipher suite; it is called '" +
                                 SSL_CIPHER_get_name(suite) + "'"};
    }
    return {nullptr, "'" + name + "' is not a cipher suite; `openssl ciphers -v ALL` lists the names"};
}

void append(std::string& list, const std::string& name) {
    if (!list.empty()) list += ':';
    list += name;
}

bool is_tls_1_3(const SSL_CIPHER* suite) {
    return (SSL_CIPHER_get_protocol_id(suite) >> 8U) == 0x13;
}

// A version without a suite must not be negotiated: the handshake would end with "no shared cipher".
void limit_versions(CustomTlsPolicy& made) {
    TlsPolicy& policy = made.policy;
    if (policy.ciphersuites.empty()) policy.max_version = TLS1_2_VERSION;
    if (policy.cipher_list.empty()) policy.min_version = TLS1_3_VERSION;
    if (policy.min_version > policy.max_version)
        made.error = "min_version TLSv1.3 needs a TLS 1.3 suite, such as TLS_AES_128_GCM_SHA256";
}

}  // namespace

TlsPolicy tls_v1_2_policy() {
    return {TLS1_2_VERSION, TLS1_3_VERSION, modern_suites, tls_1_3_suites, 2};
}

TlsPolicy tls_v1_0_policy() {
    const std::string old_suites = ":ECDHE+aECDSA:ECDHE+aRSA:DHE+aRSA:HIGH:MEDIUM:!aNULL:!eNULL:!PSK:!SRP:!aDSS";
    return {TLS1_VERSION, TLS1_3_VERSION, modern_suites + old_suites, tls_1_3_suites, 0};
}

CustomTlsPolicy custom_tls_policy(std::string_view min_version, const std::vector<std::string>& suites) {
    const auto version = parse_version(min_version);
    if (!version)
        return {
            {},
            "'" + std::string(min_version) + "' is not a TLS version; it may be TLSv1, TLSv1.1, TLSv1.2 or TLSv1.3"};
    if (suites.empty()) return {{}, "a custom TLS policy needs at least one cipher suite"};
    const SslCtxPtr every = context_with_every_suite();
    if (!every) return {{}, "out of memory"};
    CustomTlsPolicy made{{*version, TLS1_3_VERSION, "", "", *version < TLS1_2_VERSION ? 0 : 1}, ""};
    for (const std::string& name : suites) {
        const SuiteLookup found = look_up(every.get(), name);
        if (!found.error.empty()) return {{}, found.error};
        append(is_tls_1_3(found.suite) ? made.policy.ciphersuites : made.policy.cipher_list, name);
    }
    limit_versions(made);
    return made;
}

bool apply(const TlsPolicy& policy, SSL* ssl) {
    SSL_set_security_level(ssl, policy.security_level);
    const bool done = SSL_set_min_proto_version(ssl, policy.min_version) == 1 &&
                      SSL_set_max_proto_version(ssl, policy.max_version) == 1 &&
                      (policy.cipher_list.empty() || SSL_set_cipher_list(ssl, policy.cipher_list.c_str()) == 1) &&
                      (policy.ciphersuites.empty() || SSL_set_ciphersuites(ssl, policy.ciphersuites.c_str()) == 1);
    ERR_clear_error();
    return done;
}

bool apply(const TlsPolicy& policy, SSL_CTX* context) {
    SSL_CTX_set_security_level(context, policy.security_level);
    const bool done =
        SSL_CTX_set_min_proto_version(context, policy.min_version) == 1 &&
        SSL_CTX_set_max_proto_version(context, policy.max_version) == 1 &&
        (policy.cipher_list.empty() || SSL_CTX_set_cipher_list(context, policy.cipher_list.c_str()) == 1) &&
        (policy.ciphersuites.empty() || SSL_CTX_set_ciphersuites(context, policy.ciphersuites.c_str()) == 1);
    ERR_clear_error();
    return done;
}

}  // namespace certs
