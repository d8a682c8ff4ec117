#pragma once
// The cipher suites of this OpenSSL, each by both of its names. Constant values; any thread.

#include <string>
#include <string_view>
#include <vector>

namespace certs {

struct CipherSuite {
    std::string name;       // OpenSSL's, "ECDHE-RSA-AES128-SHA"
    std::string iana_name;  // the standards', "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"; for TLS 1.3 both are equal
    bool tls_1_3 = false;
    bool insecure = false;  // no encryption, no certificate, RC4, DES, 3DES, EXPORT, PSK, SRP: never used
};

// Includes weak ones, to distinguish their names from typing mistakes.
const std::vector<CipherSuite>& cipher_suites();

// By either name, exact spelling; nullptr: unknown.
const CipherSuite* find_cipher_suite(std::string_view name);

}  // namespace certs
