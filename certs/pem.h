#pragma once
// PEM text to OpenSSL objects and back. Reading never asks for a pass phrase on the terminal.

#include "certs/openssl_types.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace certs {

// Every certificate in the text, in order; other text is skipped. Empty if there is none or one is broken.
Chain certificates_from_pem(std::string_view pem);

// The first private key in the text; null if there is none, or it is broken or encrypted.
PkeyPtr key_from_pem(std::string_view pem);

std::string to_pem(X509* certificate);
std::string to_pem(EVP_PKEY* key);  // unencrypted PKCS #8: a secret

// Validity, in µs since 1970.
std::int64_t not_before_us(const X509* certificate);
std::int64_t not_after_us(const X509* certificate);

// "2026-11-23 05:15:31 UTC", for messages.
std::string utc_text(std::int64_t time_us);

}  // namespace certs
