#pragma once
// Builds X.509 v3 certificates for strict verifiers: random 128-bit serial, key identifiers, critical basic constraints
// and key usage, subject alternative names.

#include "certs/openssl_types.h"

#include <cstdint>
#include <string>
#include <vector>

namespace certs {

enum class Usage { authority, server, client };

struct CertificateSpec {
    Usage usage = Usage::server;
    std::string common_name;   // UTF-8, 1 to 64 characters
    std::string organization;  // empty: none
    std::vector<std::string> dns_names;
    std::vector<std::string> ip_addresses;
    std::int64_t not_before_us = 0;
    std::int64_t not_after_us = 0;
};

// `issuer` null: self-signed with `key`. Otherwise `key` is the subject's (the public part suffices) and `issuer_key`
// signs. Throws Error.
X509Ptr build_certificate(const CertificateSpec& spec, EVP_PKEY* key, X509* issuer, EVP_PKEY* issuer_key);

}  // namespace certs
