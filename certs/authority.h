#pragma once
// The certificate authority that signs server and device certificates.

#include "certs/openssl_types.h"
#include "certs/x509_builder.h"

#include <cstdint>
#include <filesystem>
#include <string>

namespace certs {

// Immutable after construction; sign() may be called on any thread.
//
// A new authority has an RSA-2048 key: Murano's own roots do too, so every Murano device can check an RSA signature,
// while an old or small one may not know ECDSA.
class Authority {
  public:
    // Reads `<folder>/ca.crt` and `ca.key`, or creates them (0644 and 0600, 20 years) and the folder. Throws Error if
    // one of them is missing or broken, or they do not belong together.
    static Authority open(const std::filesystem::path& folder, std::int64_t now_us);

    // A user's own authority. The first certificate of the file signs; unless it is a root, it and the following ones
    // are sent with each server certificate. Throws Error.
    static Authority load(const std::filesystem::path& certificate_file, const std::filesystem::path& key_file,
                          std::int64_t now_us);

    // Issues a certificate for the key, valid no longer than the authority's own.
    X509Ptr sign(CertificateSpec spec, EVP_PKEY* key) const;

    X509* certificate() const { return chain_.front().get(); }
    std::string pem() const;      // for clients to install: the last certificate of the file
    Chain intermediates() const;  // sent after a certificate it signed; without the root
    bool signed_by_this(X509* certificate) const;

  private:
    Authority(Chain chain, PkeyPtr key) : chain_(std::move(chain)), key_(std::move(key)) {}
    static Authority make(const std::filesystem::path& folder, std::int64_t now_us);
    static Authority checked(Chain chain, PkeyPtr key, const std::filesystem::path& certificate_file,
                             const std::filesystem::path& key_file, std::int64_t now_us);

    Chain chain_;  // never empty
    PkeyPtr key_;
};

}  // namespace certs
