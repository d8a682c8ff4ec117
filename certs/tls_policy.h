#pragma once
// The TLS versions and suites that a connector accepts. [R3a]

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <openssl/types.h>

namespace certs {

// Plain value; versions are OpenSSL's numbers (0x0301 TLS 1.0 ... 0x0304 TLS 1.3).
struct TlsPolicy {
    int min_version = 0;
    int max_version = 0;
    std::string cipher_list;   // up to TLS 1.2, in the server's order of preference
    std::string ciphersuites;  // TLS 1.3
    int security_level = 2;    // OpenSSL's; 0 is needed below TLS 1.2
    bool operator==(const TlsPolicy&) const = default;
};

// "TLSv1.2": 1.2 and 1.3, forward secrecy and AEAD only, ECDHE_ECDSA before ECDHE_RSA before DHE_RSA.
TlsPolicy tls_v1_2_policy();

// "TLSv1.0": 1.0 and up, with suites for such old clients.
TlsPolicy tls_v1_0_policy();

struct CustomTlsPolicy {
    TlsPolicy policy;
    std::string error;  // empty: the policy is valid. Else the wrong name and the allowed ones
};

// "custom". `min_version`: "TLSv1", "TLSv1.0", "TLSv1.1", "TLSv1.2" (also when empty) or "TLSv1.3"; `suites`: names of
// OpenSSL or IANA in order of preference. Listing one of its suites enables TLS 1.3. Suites without encryption or
// authentication, RC4, DES, 3DES, EXPORT, PSK and SRP are refused, as Murano excludes insecure ones.
CustomTlsPolicy custom_tls_policy(std::string_view min_version, const std::vector<std::string>& suites);

// False if OpenSSL refuses it (this build has none of its suites).
bool apply(const TlsPolicy& policy, SSL* ssl);
bool apply(const TlsPolicy& policy, SSL_CTX* context);

}  // namespace certs
