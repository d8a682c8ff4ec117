#pragma once
// Client certificates for devices: `cert device --identity ID --out DIR`.

#include "certs/authority.h"

#include <cstdint>
#include <filesystem>
#include <string>

namespace certs {

struct DeviceCertificate {
    std::string certificate_pem;  // the certificate, then the authority's intermediates if it has any
    std::string key_pem;          // a secret
};

// A P-256 certificate for TLS clients, CN = identity, ten years. Throws Error if the identity cannot be a common name
// (1 to 64 characters of UTF-8).
DeviceCertificate make_device_certificate(const Authority& authority, const std::string& identity,
                                          std::int64_t real_now_us);

// Writes `cert.pem` (0644) and `key.pem` (0600) into the folder, created if missing. Replaces existing files. Throws
// Error.
void write_device_certificate(const DeviceCertificate& made, const std::filesystem::path& folder);

}  // namespace certs
