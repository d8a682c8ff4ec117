#include "certs/authority.h"

#include "certs/error.h"
#include "certs/files.h"
#include "certs/keys.h"
#include "certs/pem.h"

#include <algorithm>

#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace certs {
namespace {

constexpr std::int64_t day_us = 86'400'000'000;
constexpr std::int64_t lifetime_us = 20 * 365 * day_us;

// Each authority has a name of its own: a trust store with two of them must be able to tell them apart.
std::string random_suffix() {
    unsigned char bytes[4];
    require(RAND_bytes(bytes, sizeof bytes) == 1, "no random bytes");
    std::string text;
    for (const unsigned char byte : bytes) {
        text += "0123456789abcdef"[byte >> 4U];
        text += "0123456789abcdef"[byte & 15U];
    }
    return text;
}

CertificateSpec authority_spec(std::int64_t now_us) {
    CertificateSpec spec;
    spec.usage = Usage::authority;
    spec.organization = "murano-emulator";
    spec.common_name = "Murano emulator CA " + random_suffix();
    spec.not_before_us = now_us - 2 * day_us;  // not later than that of the certificates it signs
    spec.not_after_us = now_us + lifetime_us;
    return spec;
}

bool is_root(X509* certificate) {
    return X509_self_signed(certificate, 0) == 1;
}

}  // namespace

Authority Authority::open(const std::filesystem::path& folder, std::int64_t now_us) {
    make_folder(folder);
    const FolderLock lock(folder);
    const std::filesystem::path certificate_file = folder / "ca.crt";
    const std::filesystem::path key_file = folder / "ca.key";
    const auto certificate = read_file_if_there(certificate_file);
    if (!certificate) return make(folder, now_us);
    if (!std::filesystem::exists(key_file))
        throw Error(certificate_file.string() + " is there, but its key " + key_file.string() +
                    " is missing: put it back, or delete ca.crt and a new authority is made");
    return checked(certificates_from_pem(*certificate), load_key(key_file), certificate_file, key_file, now_us);
}

// The key is written first: a crash in between leaves a key without a certificate, which the next start completes.
Authority Authority::make(const std::filesystem::path& folder, std::int64_t now_us) {
    PkeyPtr key = load_or_generate_key(folder / "ca.key", KeyKind::rsa_2048);
    Chain chain;
    chain.push_back(build_certificate(authority_spec(now_us), key.get(), nullptr, nullptr));
    write_atomically(folder / "ca.crt", to_pem(chain.front().get()), FileMode::certificate);
    return Authority(std::move(chain), std::move(key));
}

Authority Authority::load(const std::filesystem::path& certificate_file, const std::filesystem::path& key_file,
                          std::int64_t now_us) {
    Chain chain = certificates_from_pem(read_file(certificate_file));
    return checked(std::move(chain), load_key(key_file), certificate_file, key_file, now_us);
}

Authority Authority::checked(Chain chain, PkeyPtr key, const std::filesystem::path& certificate_file,
                             const std::filesystem::path& key_file, std::int64_t now_us) {
    const std::string name = certificate_file.string();
    if (chain.empty()) throw Error(name + " does not hold a certificate in PEM");
    X509* certificate = chain.front().get();
    if (!belongs_to(key.get(), certificate))
        throw Error("the key in " + key_file.string() + " does not belong to the certificate in " + name);
    if (X509_check_ca(certificate) == 0)
        throw Error(name + " is not the certificate of a certificate authority (basic constraints, key usage)");
    if (not_after_us(certificate) <= now_us)
        throw Error("the certificate authority in " + name + " expired on " + utc_text(not_after_us(certificate)));
    return Authority(std::move(chain), std::move(key));
}

X509Ptr Authority::sign(CertificateSpec spec, EVP_PKEY* key) const {
    spec.not_before_us = std::max(spec.not_before_us, not_before_us(certificate()));
    spec.not_after_us = std::min(spec.not_after_us, not_after_us(certificate()));
    return build_certificate(spec, key, certificate(), key_.get());
}

std::string Authority::pem() const {
    return to_pem(chain_.back().get());
}

Chain Authority::intermediates() const {
    Chain sent;
    for (const X509Ptr& certificate : chain_)
        if (!is_root(certificate.get())) sent.push_back(share(certificate.get()));
    return sent;
}

bool Authority::signed_by_this(X509* certificate) const {
    const bool ours = X509_check_issued(chain_.front().get(), certificate) == X509_V_OK &&
                      X509_verify(certificate, X509_get0_pubkey(chain_.front().get())) == 1;
    ERR_clear_error();
    return ours;
}

}  // namespace certs
