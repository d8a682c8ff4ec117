#include "certs/tls_policy.h"

#include "certs/openssl_types.h"

#include <algorithm>
#include <string>

#include <doctest/doctest.h>
#include <openssl/ssl.h>

namespace {

std::vector<std::string> suites_of(const certs::TlsPolicy& policy) {
    const certs::SslCtxPtr context(SSL_CTX_new(TLS_server_method()));
    REQUIRE(certs::apply(policy, context.get()));
    std::vector<std::string> names;
    const STACK_OF(SSL_CIPHER)* suites = SSL_CTX_get_ciphers(context.get());
    for (int i = 0; i < sk_SSL_CIPHER_num(suites); ++i)
        names.emplace_back(SSL_CIPHER_get_name(sk_SSL_CIPHER_value(suites, i)));
    return names;
}

std::string family(const std::string& suite) {
    if (suite.starts_with("TLS_")) return "0";
    if (suite.starts_with("ECDHE-ECDSA-")) return "1";
    if (suite.starts_with("ECDHE-RSA-")) return "2";
    if (suite.starts_with("DHE-RSA-")) return "3";
    return "weak";
}

}  // namespace

TEST_CASE("[R3a] TLSv1.2 offers ECDHE_ECDSA, then ECDHE_RSA, then DHE_RSA, AEAD only") {
    std::string last;
    for (const std::string& suite : suites_of(certs::tls_v1_2_policy())) {
        CAPTURE(suite);
        const std::string now = family(suite);
        CHECK(now != "weak");
        CHECK(last <= now);
        const bool aead = suite.find("GCM") != std::string::npos || suite.find("CHACHA20") != std::string::npos ||
                          suite.find("CCM") != std::string::npos;
        CHECK(aead);
        last = now;
    }
    CHECK(last == "3");
}

TEST_CASE("[R3a] TLSv1.0 begins at 1.0 and knows the suites of that time") {
    const auto policy = certs::tls_v1_0_policy();
    CHECK(policy.min_version == TLS1_VERSION);
    CHECK(policy.max_version == TLS1_3_VERSION);
    CHECK(policy.security_level == 0);
    const auto suites = suites_of(policy);
    const auto has = [&](const char* name) { return std::find(suites.begin(), suites.end(), name) != suites.end(); };
    CHECK(has("AES128-SHA"));
    CHECK(has("ECDHE-RSA-AES128-SHA"));
    CHECK(has("ECDHE-ECDSA-AES256-GCM-SHA384"));
    for (const std::string& suite : suites) {
        CAPTURE(suite);
        const bool unprotected = suite.find("NULL") != std::string::npos || suite.starts_with("ADH") ||
                                 suite.starts_with("AECDH") || suite.find("PSK") != std::string::npos;
        CHECK_FALSE(unprotected);
    }
}

TEST_CASE("[R3a] custom keeps the order given and splits TLS 1.3 suites off") {
    const auto made =
        certs::custom_tls_policy("TLSv1.2", {"ECDHE-RSA-AES256-GCM-SHA384", "TLS_AES_256_GCM_SHA384", "AES128-SHA"});
    REQUIRE(made.error == "");
    CHECK(made.policy.cipher_list == "ECDHE-RSA-AES256-GCM-SHA384:AES128-SHA");
    CHECK(made.policy.ciphersuites == "TLS_AES_256_GCM_SHA384");
    CHECK(made.policy.max_version == TLS1_3_VERSION);
}

TEST_CASE("[R3a] custom takes IANA's names too") {
    const auto made = certs::custom_tls_policy(
        "TLSv1.2", {"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_AES_128_CCM_SHA256", "TLS_RSA_WITH_AES_256_CBC_SHA"});
    REQUIRE(made.error == "");
    CHECK(made.policy.cipher_list == "ECDHE-RSA-AES128-GCM-SHA256:AES256-SHA");
    CHECK(made.policy.ciphersuites == "TLS_AES_128_CCM_SHA256");
}

TEST_CASE("[R3a] custom allows only the versions for which it has suites") {
    CHECK(certs::custom_tls_policy("TLSv1", {"AES128-SHA"}).policy.max_version == TLS1_2_VERSION);
    CHECK(certs::custom_tls_policy("TLSv1", {"AES128-SHA"}).policy.min_version == TLS1_VERSION);
    CHECK(certs::custom_tls_policy("TLSv1.1", {"AES128-SHA"}).policy.security_level == 0);
    CHECK(certs::custom_tls_policy("", {"AES128-SHA"}).policy.min_version == TLS1_2_VERSION);
    CHECK(certs::custom_tls_policy("TLSv1", {"TLS_AES_128_GCM_SHA256"}).policy.min_version == TLS1_3_VERSION);
    CHECK(certs::custom_tls_policy("TLSv1.3", {"AES128-SHA"}).error.find("TLS 1.3 suite") != std::string::npos);
}

TEST_CASE("[R3a] custom says which name is wrong") {
    const auto error = [](std::string_view version, const char* suite) {
        return certs::custom_tls_policy(version, {"AES128-SHA", suite}).error;
    };
    CHECK(error("SSLv3", "AES128-SHA").find("'SSLv3' is not a TLS version") != std::string::npos);
    CHECK(error("TLSv1.2", "AES129-SHA").find("'AES129-SHA' is not a cipher suite") != std::string::npos);
    CHECK(error("TLSv1.2", "HIGH").find("'HIGH'") != std::string::npos);
    CHECK(error("TLSv1.2", "AES256-SHA:@SECLEVEL=0").find("not a cipher suite") != std::string::npos);
    CHECK(certs::custom_tls_policy("TLSv1.2", {}).error.find("at least one") != std::string::npos);
}

TEST_CASE("[R3a] custom never takes an insecure suite") {
    for (const char* suite : {"NULL-SHA256", "ECDHE-RSA-NULL-SHA", "ADH-AES128-SHA", "AECDH-AES256-SHA",
                              "PSK-AES128-CBC-SHA", "SRP-AES-128-CBC-SHA"}) {
        CAPTURE(suite);
        CHECK(certs::custom_tls_policy("TLSv1.2", {suite}).error.find("insecure") != std::string::npos);
    }
}
