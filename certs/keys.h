#pragma once
// Key pairs: generated, and stored in files.

#include "certs/openssl_types.h"

#include <filesystem>

namespace certs {

enum class KeyKind { ecdsa_p256, rsa_2048 };

PkeyPtr generate_key(KeyKind kind);

// Reads the file, or generates a key and writes it (0600). Throws Error if the file contains anything else.
PkeyPtr load_or_generate_key(const std::filesystem::path& file, KeyKind kind);

// Reads a private key; the message distinguishes an encrypted key from a broken one.
PkeyPtr load_key(const std::filesystem::path& file);

bool belongs_to(EVP_PKEY* key, X509* certificate);

}  // namespace certs
