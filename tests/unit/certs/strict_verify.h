#pragma once
// The checks of `openssl verify -x509_strict` and Python 3.13, through the API.

#include "certs/pem.h"

#include <cstdint>
#include <string>
#include <string_view>

#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

// Empty if the certificate is valid for that purpose and host at that time; else OpenSSL's words.
inline std::string strict_verify(X509* certificate, std::string_view roots_pem, int purpose, const char* host,
                                 std::int64_t at_us, const certs::Chain& intermediates = {}) {
    const certs::Chain roots = certs::certificates_from_pem(roots_pem);
    X509_STORE* store = X509_STORE_new();
    for (const auto& root : roots) X509_STORE_add_cert(store, root.get());
    STACK_OF(X509)* untrusted = sk_X509_new_null();
    for (const auto& each : intermediates) sk_X509_push(untrusted, each.get());
    X509_STORE_CTX* context = X509_STORE_CTX_new();
    X509_STORE_CTX_init(context, store, certificate, untrusted);
    X509_VERIFY_PARAM* rules = X509_STORE_CTX_get0_param(context);
    X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_X509_STRICT);
    X509_VERIFY_PARAM_set_purpose(rules, purpose);
    X509_VERIFY_PARAM_set_auth_level(rules, 2);
    X509_VERIFY_PARAM_set_time(rules, static_cast<time_t>(at_us / 1'000'000));
    if (host != nullptr) {
        X509_VERIFY_PARAM_set_hostflags(rules,
                                        X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
        if (X509_VERIFY_PARAM_set1_ip_asc(rules, host) != 1) X509_VERIFY_PARAM_set1_host(rules, host, 0);
    }
    const bool good = X509_verify_cert(context) == 1;
    const std::string words = good ? "" : X509_verify_cert_error_string(X509_STORE_CTX_get_error(context));
    X509_STORE_CTX_free(context);
    sk_X509_free(untrusted);
    X509_STORE_free(store);
    return words;
}
