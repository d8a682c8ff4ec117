#pragma once
// What a client offered in its ClientHello, in names, and which part of it the server cannot match. [R3a]

#include <cstdint>
#include <string>

#include <openssl/types.h>

namespace net {

// At most eight names of each, separated by commas; empty where the ClientHello was not read or has none.
std::string offered_suites(const SSL* ssl);                // OpenSSL's names
std::string offered_signature_algorithms(const SSL* ssl);  // IANA's names, such as "ecdsa_secp256r1_sha256"
std::string offered_groups(SSL* ssl);

enum class NotShared : std::uint8_t { suite, signature_algorithm, group };

// OpenSSL says "no shared cipher" of TLS 1.2 where all suites were ruled out, whatever ruled them out. Where a suite is
// shared, this tells whether no signature algorithm of the client fits it; otherwise the curve is what is missing.
NotShared what_rules_out_the_suites(const SSL* ssl);

}  // namespace net
