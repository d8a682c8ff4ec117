#include "certs/pem.h"

#include "certs/error.h"

#include <ctime>

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

namespace certs {
namespace {

constexpr std::size_t longest_pem = 1U << 20U;
constexpr std::size_t longest_chain = 64;
constexpr std::int64_t second_us = 1'000'000;

// OpenSSL's default would ask on the terminal.
int no_pass_phrase(char*, int, int, void*) {
    return -1;
}

BioPtr reader(std::string_view text) {
    return BioPtr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

std::string content(const BioPtr& bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &data);
    return std::string(data, static_cast<std::size_t>(size));
}

std::int64_t time_us(const ASN1_TIME* time) {
    std::tm parts{};
    if (ASN1_TIME_to_tm(time, &parts) != 1) return 0;  // no date: never valid
    return static_cast<std::int64_t>(timegm(&parts)) * second_us;
}

}  // namespace

Chain certificates_from_pem(std::string_view pem) {
    Chain chain;
    if (pem.empty() || pem.size() > longest_pem) return chain;
    const BioPtr bio = reader(pem);
    while (bio && chain.size() < longest_chain) {
        X509Ptr next(PEM_read_bio_X509(bio.get(), nullptr, no_pass_phrase, nullptr));
        if (!next) break;
        chain.push_back(std::move(next));
    }
    const unsigned long error = ERR_peek_last_error();
    const bool at_end = ERR_GET_LIB(error) == ERR_LIB_PEM && ERR_GET_REASON(error) == PEM_R_NO_START_LINE;
    ERR_clear_error();
    if (!at_end) chain.clear();
    return chain;
}

PkeyPtr key_from_pem(std::string_view pem) {
    if (pem.empty() || pem.size() > longest_pem) return nullptr;
    const BioPtr bio = reader(pem);
    PkeyPtr key(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_pass_phrase, nullptr));
    ERR_clear_error();
    return key;
}

std::string to_pem(X509* certificate) {
    const BioPtr bio(BIO_new(BIO_s_mem()));
    require(bio && PEM_write_bio_X509(bio.get(), certificate) == 1, "cannot encode a certificate");
    return content(bio);
}

std::string to_pem(EVP_PKEY* key) {
    const BioPtr bio(BIO_new(BIO_s_secmem()));
    require(bio && PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1,
            "cannot encode a private key");
    return content(bio);
}

std::int64_t not_before_us(const X509* certificate) {
    return time_us(X509_get0_notBefore(certificate));
}
std::int64_t not_after_us(const X509* certificate) {
    return time_us(X509_get0_notAfter(certificate));
}

std::string utc_text(std::int64_t time) {
    const std::time_t seconds = static_cast<std::time_t>(time / second_us);
    std::tm parts{};
    char text[64] = "";
    if (gmtime_r(&seconds, &parts) != nullptr) std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S UTC", &parts);
    return text;
}

}  // namespace certs
