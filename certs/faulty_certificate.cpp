#include "certs/faulty_certificate.h"

#include "certs/error.h"
#include "certs/keys.h"
#include "certs/server_certificates.h"

#include <algorithm>
#include <array>
#include <string>

#include <openssl/obj_mac.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace certs {
namespace {

constexpr std::int64_t day_us = 86'400'000'000;
constexpr std::size_t plain_bytes = 1'100;  // of a certificate with nothing added
constexpr std::size_t filler_bytes = 200;   // of one name that only takes room
constexpr std::array<std::string_view, 7> names{"untrusted_ca",  "self_signed", "wrong_name", "expired",
                                                "not_yet_valid", "large_chain", "rotated"};

std::string name_part(X509* certificate, int nid) {
    std::array<char, 256> text{};
    X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), nid, text.data(), static_cast<int>(text.size()));
    return text.data();
}

// Its name is that of `original`, its key is not.
X509Ptr impostor(X509* original, EVP_PKEY* key, std::int64_t now_us) {
    CertificateSpec spec;
    spec.usage = Usage::authority;
    spec.organization = name_part(original, NID_organizationName);
    spec.common_name = name_part(original, NID_commonName);
    spec.not_before_us = now_us - 2 * day_us;
    spec.not_after_us = now_us + 365 * day_us;
    return build_certificate(spec, key, nullptr, nullptr);
}

// Names below .invalid, which no host can have, until the certificate is about so large.
void fill(CertificateSpec& spec, std::size_t bytes) {
    const std::string label = std::string(60, 'x') + '.';
    const std::string labels = label + label + label + "invalid";
    for (std::size_t i = 0; i * filler_bytes < bytes; ++i) {
        spec.dns_names.push_back(std::to_string(100'000 + i) + '.' + labels);
    }
}

struct Issuer {
    X509Ptr certificate;
    PkeyPtr key;
};

// Authorities between ours and the server's certificate, the last one first: the order in which they are sent.
Chain intermediates_of(const Authority& authority, std::size_t count, const CertificateSpec& like, PkeyPtr& key) {
    Chain chain;
    key = generate_key(KeyKind::rsa_2048);
    for (std::size_t i = 0; i < count; ++i) {
        CertificateSpec spec;
        spec.usage = Usage::authority;
        spec.organization = "murano-emulator";
        spec.common_name = "Murano emulator intermediate " + std::to_string(i + 1);
        spec.not_before_us = like.not_before_us;
        spec.not_after_us = like.not_after_us;
        auto made = chain.empty() ? authority.sign(spec, key.get())
                                  : build_certificate(spec, key.get(), chain.front().get(), key.get());
        chain.insert(chain.begin(), std::move(made));
    }
    return chain;
}

Chain shared(const Chain& chain) {
    Chain copies;
    for (const auto& one : chain) copies.push_back(share(one.get()));
    return copies;
}

}  // namespace

std::optional<FaultyCertificate> parse_faulty_certificate(std::string_view name) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) return std::nullopt;
    return static_cast<FaultyCertificate>(found - names.begin());
}

std::shared_ptr<const ServerChains> ServerCertificates::make_large(const FaultyOrder& order,
                                                                   CertificateSpec spec) const {
    // An authority of earlier days allows no other below it.
    const auto count = X509_get_pathlen(authority_->certificate()) == 0 ? 0 : order.intermediates;
    PkeyPtr issuer_key;
    const auto chain = count == 0 ? Chain() : intermediates_of(*authority_, count, spec, issuer_key);
    const auto plain = plain_bytes * (count + 1);
    fill(spec, order.bytes > plain ? order.bytes - plain : 0);
    auto made = std::make_shared<ServerChains>();
    for (const PkeyPtr& key : keys_) {
        auto leaf = count == 0 ? authority_->sign(spec, key.get())
                               : build_certificate(spec, key.get(), chain.front().get(), issuer_key.get());
        auto sent = shared(chain);
        for (auto& above : authority_->intermediates()) sent.push_back(std::move(above));
        made->chains.push_back({std::move(leaf), share(key.get()), std::move(sent)});
    }
    return made;
}

std::shared_ptr<const ServerChains> ServerCertificates::make_faulty(const FaultyOrder& order,
                                                                    std::int64_t real_now_us) const {
    using enum FaultyCertificate;
    const bool unsigned_by_us = order.how == self_signed || order.how == untrusted_ca;
    require(authority_ != nullptr || unsigned_by_us,
            "with --tls-cert there is no authority to sign with: only self_signed and untrusted_ca can be shown");
    auto spec = default_spec(real_now_us);
    if (order.how == wrong_name) {
        spec.common_name = "wrong.example.net";
        spec.dns_names = {"wrong.example.net"};
        spec.ip_addresses.clear();
    }
    if (order.how == expired) spec.not_after_us = real_now_us - day_us;
    if (order.how == not_yet_valid) spec.not_before_us = real_now_us + day_us;
    if (order.how == large_chain) return make_large(order, std::move(spec));

    const bool fresh = order.how == rotated || keys_.empty();
    const auto stranger = order.how == untrusted_ca ? generate_key(KeyKind::rsa_2048) : nullptr;
    X509* const known = authority_ ? authority_->certificate() : default_->chains.front().certificate.get();
    const auto issuer = stranger ? impostor(known, stranger.get(), real_now_us) : nullptr;
    auto made = std::make_shared<ServerChains>();
    for (const auto kind : {KeyKind::ecdsa_p256, KeyKind::rsa_2048}) {
        auto key = fresh ? generate_key(kind) : share(keys_.at(kind == KeyKind::ecdsa_p256 ? 0 : 1).get());
        auto certificate = order.how == self_signed ? build_certificate(spec, key.get(), nullptr, nullptr)
                           : issuer                 ? build_certificate(spec, key.get(), issuer.get(), stranger.get())
                                                    : authority_->sign(spec, key.get());
        auto above = unsigned_by_us ? Chain() : authority_->intermediates();
        made->chains.push_back({std::move(certificate), std::move(key), std::move(above)});
    }
    return made;
}

}  // namespace certs
