#include "certs/device_certificate.h"

#include "certs/error.h"
#include "certs/files.h"
#include "certs/keys.h"
#include "certs/pem.h"

namespace certs {
namespace {

constexpr std::int64_t day_us = 86'400'000'000;
constexpr std::int64_t lifetime_us = 10 * 365 * day_us;
constexpr std::size_t longest_common_name = 64;  // characters, X.520

std::size_t count_characters(const std::string& text) {
    std::size_t count = 0;
    for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1U : 0U;
    return count;
}

}  // namespace

DeviceCertificate make_device_certificate(const Authority& authority, const std::string& identity,
                                          std::int64_t real_now_us) {
    if (identity.empty()) throw Error("a device certificate needs an identity");
    if (count_characters(identity) > longest_common_name)
        throw Error("an identity of more than 64 characters cannot be the common name of a certificate");
    CertificateSpec spec;
    spec.usage = Usage::client;
    spec.common_name = identity;
    spec.not_before_us = real_now_us - day_us;
    spec.not_after_us = real_now_us + lifetime_us;
    const PkeyPtr key = generate_key(KeyKind::ecdsa_p256);
    const X509Ptr certificate = authority.sign(spec, key.get());
    DeviceCertificate made{to_pem(certificate.get()), to_pem(key.get())};
    for (const X509Ptr& intermediate : authority.intermediates()) made.certificate_pem += to_pem(intermediate.get());
    return made;
}

void write_device_certificate(const DeviceCertificate& made, const std::filesystem::path& folder) {
    make_folder(folder);
    write_atomically(folder / "key.pem", made.key_pem, FileMode::private_key);
    write_atomically(folder / "cert.pem", made.certificate_pem, FileMode::certificate);
}

}  // namespace certs
