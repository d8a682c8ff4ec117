#include "certs/tls_policy.h"

#include "certs/cipher_suites.h"

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

void append(std::string& list, const std::string& name) {
    if (!list.empty()) list += ':';
    list += name;
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
    CustomTlsPolicy made{{*version, TLS1_3_VERSION, "", "", *version < TLS1_2_VERSION ? 0 : 1}, ""};
    for (const std::string& name : suites) {
        const CipherSuite* suite = find_cipher_suite(name);
        if (suite == nullptr) return {{}, "'" + name + "' is not a cipher suite of OpenSSL or of IANA"};
        if (suite->insecure) return {{}, "the cipher suite '" + name + "' is insecure and never used"};
        append(suite->tls_1_3 ? made.policy.ciphersuites : made.policy.cipher_list, suite->name);
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
