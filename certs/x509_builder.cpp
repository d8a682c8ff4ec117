#include "certs/x509_builder.h"

#include "certs/error.h"

#include <memory>

#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace certs {
namespace {

struct BuilderFree {
    void operator()(BIGNUM* p) const noexcept { BN_free(p); }
    void operator()(X509_EXTENSION* p) const noexcept { X509_EXTENSION_free(p); }
    void operator()(GENERAL_NAMES* p) const noexcept { GENERAL_NAMES_free(p); }
    void operator()(GENERAL_NAME* p) const noexcept { GENERAL_NAME_free(p); }
};
template <typename T>
using Owned = std::unique_ptr<T, BuilderFree>;

constexpr std::int64_t second_us = 1'000'000;

void set_serial(X509* certificate) {
    const Owned<BIGNUM> number(BN_new());
    require(number && BN_rand(number.get(), 128, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1, "no random serial number");
    require(BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr, "cannot set the serial");
}

void set_validity(X509* certificate, const CertificateSpec& spec) {
    const auto from = static_cast<time_t>(spec.not_before_us / second_us);
    const auto until = static_cast<time_t>(spec.not_after_us / second_us);
    require(ASN1_TIME_set(X509_getm_notBefore(certificate), from) != nullptr &&
                ASN1_TIME_set(X509_getm_notAfter(certificate), until) != nullptr,
            "cannot set the validity");
}

void add_name_part(X509_NAME* name, const char* field, const std::string& value) {
    if (value.empty()) return;
    // PrintableString or UTF8String, as the text needs.
    const int added = X509_NAME_add_entry_by_NID(name, OBJ_sn2nid(field), MBSTRING_UTF8,
                                                 reinterpret_cast<const unsigned char*>(value.data()),
                                                 static_cast<int>(value.size()), -1, 0);
    require(added == 1, "cannot use '" + value + "' as a name in a certificate");
}

void add_extension(X509* certificate, X509V3_CTX* context, int nid, const char* value) {
    const Owned<X509_EXTENSION> extension(X509V3_EXT_conf_nid(nullptr, context, nid, value));
    require(extension && X509_add_ext(certificate, extension.get(), -1) == 1, "cannot add a certificate extension");
}

void append(GENERAL_NAMES* names, int type, void* value) {
    Owned<GENERAL_NAME> name(GENERAL_NAME_new());
    require(name != nullptr, "out of memory");
    GENERAL_NAME_set0_value(name.get(), type, value);
    require(sk_GENERAL_NAME_push(names, name.get()) > 0, "out of memory");
    (void)name.release();  // the list owns it now
}

void append_dns(GENERAL_NAMES* names, const std::string& dns_name) {
    ASN1_IA5STRING* text = ASN1_IA5STRING_new();
    require(text && ASN1_STRING_set(text, dns_name.data(), static_cast<int>(dns_name.size())) == 1, "out of memory");
    append(names, GEN_DNS, text);
}

void append_ip(GENERAL_NAMES* names, const std::string& address) {
    ASN1_OCTET_STRING* bytes = a2i_IPADDRESS(address.c_str());
    require(bytes != nullptr, address + " is not an IP address");
    append(names, GEN_IPADD, bytes);
}

// Built as objects, not as configuration text: a name can never be read as something else.
void add_alternative_names(X509* certificate, const CertificateSpec& spec) {
    if (spec.dns_names.empty() && spec.ip_addresses.empty()) return;
    const Owned<GENERAL_NAMES> names(GENERAL_NAMES_new());
    require(names != nullptr, "out of memory");
    for (const std::string& name : spec.dns_names) append_dns(names.get(), name);
    for (const std::string& address : spec.ip_addresses) append_ip(names.get(), address);
    require(X509_add1_ext_i2d(certificate, NID_subject_alt_name, names.get(), 0, X509V3_ADD_DEFAULT) == 1,
            "cannot add the alternative names");
}

const char* key_usage(Usage usage, EVP_PKEY* key) {
    if (usage == Usage::authority) return "critical,keyCertSign,cRLSign";
    // Old clients use the RSA key for the key exchange itself.
    if (usage == Usage::server && EVP_PKEY_is_a(key, "RSA") == 1) return "critical,digitalSignature,keyEncipherment";
    return "critical,digitalSignature";
}

void add_extensions(X509* certificate, X509* issuer, const CertificateSpec& spec, EVP_PKEY* key) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const bool authority = spec.usage == Usage::authority;
    add_extension(certificate, &context, NID_basic_constraints, authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
    add_extension(certificate, &context, NID_key_usage, key_usage(spec.usage, key));
    if (!authority)
        add_extension(certificate, &context, NID_ext_key_usage,
                      spec.usage == Usage::server ? "serverAuth" : "clientAuth");
    add_extension(certificate, &context, NID_subject_key_identifier, "hash");
    // A given authority may lack a key identifier; then its name and serial are all there is to point at.
    // (Asking an unfinished certificate would freeze OpenSSL's idea of it.)
    const bool has_key_id = issuer == certificate || X509_get0_subject_key_id(issuer) != nullptr;
    add_extension(certificate, &context, NID_authority_key_identifier, has_key_id ? "keyid:always" : "issuer:always");
    add_alternative_names(certificate, spec);
}

// SHA-256, except for keys that bring their own digest (Ed25519).
const EVP_MD* digest_for(EVP_PKEY* key) {
    int nid = NID_undef;
    const bool mandatory = EVP_PKEY_get_default_digest_nid(key, &nid) == 2;
    return mandatory && nid == NID_undef ? nullptr : EVP_sha256();
}

}  // namespace

X509Ptr build_certificate(const CertificateSpec& spec, EVP_PKEY* key, X509* issuer, EVP_PKEY* issuer_key) {
    X509Ptr certificate(X509_new());
    require(certificate && X509_set_version(certificate.get(), X509_VERSION_3) == 1, "cannot make a certificate");
    set_serial(certificate.get());
    set_validity(certificate.get(), spec);
    X509_NAME* name = X509_get_subject_name(certificate.get());
    add_name_part(name, "O", spec.organization);
    add_name_part(name, "CN", spec.common_name);
    X509* signer = issuer != nullptr ? issuer : certificate.get();
    require(X509_set_issuer_name(certificate.get(), X509_get_subject_name(signer)) == 1 &&
                X509_set_pubkey(certificate.get(), key) == 1,
            "cannot make a certificate");
    add_extensions(certificate.get(), signer, spec, key);
    EVP_PKEY* signing_key = issuer_key != nullptr ? issuer_key : key;
    require(X509_sign(certificate.get(), signing_key, digest_for(signing_key)) > 0, "cannot sign a certificate");
    return certificate;
}

}  // namespace certs
