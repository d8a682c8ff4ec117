#include "certs/client_certificate.h"

#include "certs/pem.h"

#include <array>
#include <memory>
#include <utility>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

namespace certs {
namespace {

constexpr std::size_t longest_text = 65536;
constexpr std::size_t longest_chain = 8;  // certificates between the device's and a trusted one

struct StoreFree {
    void operator()(X509_STORE* p) const noexcept { X509_STORE_free(p); }
    void operator()(X509_STORE_CTX* p) const noexcept { X509_STORE_CTX_free(p); }
    void operator()(STACK_OF(X509) * p) const noexcept { sk_X509_free(p); }
};

// The last CN of the subject counts, the most specific one.
void read_common_name(const X509* certificate, ClientCertificate& seen) {
    const X509_NAME* subject = X509_get_subject_name(certificate);
    int last = -1;
    for (int i = -1; (i = X509_NAME_get_index_by_NID(subject, NID_commonName, i)) >= 0; ++seen.common_names) last = i;
    if (last < 0) return;
    unsigned char* utf8 = nullptr;
    const ASN1_STRING* value = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, last));
    const int size = ASN1_STRING_to_UTF8(&utf8, value);
    if (size < 0) {
        ERR_clear_error();
        seen.name_fault = "is not readable as text";
        return;
    }
    std::string text(reinterpret_cast<const char*>(utf8), static_cast<std::size_t>(size));
    OPENSSL_free(utf8);
    // A name that ends early for C code is the classic trick; it names nobody.
    if (text.find('\0') == std::string::npos) {
        seen.common_name = std::move(text);
    } else {
        seen.name_fault = "contains the character U+0000";
    }
}

std::string fingerprint(const X509* certificate) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    if (X509_digest(certificate, EVP_sha256(), digest.data(), &size) != 1) return "";
    std::string hex;
    for (unsigned int i = 0; i < size; ++i) {
        hex += "0123456789abcdef"[digest.at(i) >> 4U];
        hex += "0123456789abcdef"[digest.at(i) & 15U];
    }
    return hex;
}

std::string what_is_wrong(std::string_view pem) {
    if (pem.empty()) return "there is no certificate";
    if (pem.size() > longest_text) return "the text is larger than 64 KiB";
    if (pem.find("PRIVATE KEY-----") != std::string_view::npos) return "this is a private key, not a certificate";
    if (pem.find("CERTIFICATE REQUEST-----") != std::string_view::npos)
        return "this is a certificate request, not a certificate";
    if (pem.find("-----BEGIN CERTIFICATE-----") == std::string_view::npos)
        return "this is not PEM: there is no line '-----BEGIN CERTIFICATE-----'";
    return "the certificate is damaged and cannot be read";
}

Chain bounded_certificates(std::string_view pem) {
    if (pem.size() > longest_text) return {};
    return certificates_from_pem(pem);
}

// `chain`: the device's certificate, then what may be used on the way.
ChainVerdict verify(const Chain& chain, X509_STORE* store, std::int64_t at_time_us) {
    const std::unique_ptr<STACK_OF(X509), StoreFree> on_the_way(sk_X509_new_null());
    for (std::size_t i = 1; i < chain.size() && i <= longest_chain; ++i)
        if (!on_the_way || sk_X509_push(on_the_way.get(), chain[i].get()) <= 0) return {false, "out of memory"};
    const std::unique_ptr<X509_STORE_CTX, StoreFree> context(X509_STORE_CTX_new());
    if (!context || X509_STORE_CTX_init(context.get(), store, chain.front().get(), on_the_way.get()) != 1)
        return {false, "out of memory"};
    X509_VERIFY_PARAM* rules = X509_STORE_CTX_get0_param(context.get());
    X509_VERIFY_PARAM_set_time(rules, static_cast<time_t>(at_time_us / 1'000'000));
    X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_PARTIAL_CHAIN);
    X509_VERIFY_PARAM_set_depth(rules, static_cast<int>(longest_chain));
    X509_VERIFY_PARAM_set_purpose(rules, X509_PURPOSE_SSL_CLIENT);
    const bool trusted = X509_verify_cert(context.get()) == 1;
    ERR_clear_error();
    if (trusted) return {true, ""};
    return {false, X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get()))};
}

}  // namespace

ClientCertificate describe_certificate(X509* certificate) {
    ClientCertificate seen;
    seen.pem = to_pem(certificate);
    read_common_name(certificate, seen);
    seen.fingerprint_sha256 = fingerprint(certificate);
    seen.not_before_us = not_before_us(certificate);
    seen.not_after_us = not_after_us(certificate);
    seen.self_signed = X509_self_signed(certificate, 1) == 1;
    ERR_clear_error();
    return seen;
}

ParsedCertificate parse_certificate(std::string_view pem) {
    const Chain found = bounded_certificates(pem);
    if (found.empty()) return {std::nullopt, what_is_wrong(pem)};
    auto seen = describe_certificate(found.front().get());
    for (std::size_t i = 1; i < found.size() && i <= longest_chain; ++i) seen.chain_pem += to_pem(found[i].get());
    return {std::move(seen), ""};
}

ChainVerdict chains_to(std::string_view certificate_pem, std::string_view ca_pem, std::int64_t at_time_us) {
    const Chain device = bounded_certificates(certificate_pem);
    if (device.empty()) return {false, "the client certificate cannot be read: " + what_is_wrong(certificate_pem)};
    const Chain trusted = certificates_from_pem(ca_pem);
    if (trusted.empty()) return {false, "client_ca contains no certificate in PEM"};
    const std::unique_ptr<X509_STORE, StoreFree> store(X509_STORE_new());
    for (const X509Ptr& authority : trusted)
        if (!store || X509_STORE_add_cert(store.get(), authority.get()) != 1) return {false, "out of memory"};
    return verify(device, store.get(), at_time_us);
}

}  // namespace certs
