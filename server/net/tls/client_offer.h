#pragma once
// The names of what a client offered in its ClientHello, and what the server could not match. [R3a]

#include <cstdint>
#include <string>

#include <openssl/types.h>

namespace net {

// At most eight names of each, separated by commas; empty if the ClientHello was not read or has none.
std::string offered_suites(const SSL* ssl);                // OpenSSL's names
std::string offered_signature_algorithms(const SSL* ssl);  // IANA's names, such as "ecdsa_secp256r1_sha256"
std::string offered_groups(SSL* ssl);

enum class NotShared : std::uint8_t { suite, signature_algorithm, group };

// OpenSSL reports "no shared cipher" of TLS 1.2 whatever ruled out the suites. If a suite is shared, this finds out
// whether no signature algorithm of the client fits it; if one does, the curve is missing.
NotShared what_rules_out_the_suites(const SSL* ssl);

}  // namespace net
