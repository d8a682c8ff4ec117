#pragma once
// The cipher suites that this OpenSSL can do, each by both of its names. Values that never change; any thread.

#include <string>
#include <string_view>
#include <vector>

namespace certs {

struct CipherSuite {
    std::string name;       // OpenSSL's, "ECDHE-RSA-AES128-SHA"
    std::string iana_name;  // the standards', "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"; of TLS 1.3 both are the same
    bool tls_1_3 = false;
    bool insecure = false;  // no encryption, no certificate, RC4, DES, 3DES, EXPORT, PSK, SRP: never used
};

// Weak ones too, so that a name can be told from a typing mistake.
const std::vector<CipherSuite>& cipher_suites();

// By either name, exact spelling; nullptr: there is none.
const CipherSuite* find_cipher_suite(std::string_view name);

}  // namespace certs
