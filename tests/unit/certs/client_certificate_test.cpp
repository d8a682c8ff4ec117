#include "certs/client_certificate.h"

#include "certs/device_certificate.h"
#include "certs/error.h"
#include "certs/files.h"
#include "certs/keys.h"
#include "certs/pem.h"
#include "tests/unit/certs/strict_verify.h"
#include "tests/unit/certs/temporary_folder.h"

#include <doctest/doctest.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

namespace {

constexpr std::int64_t now_us = 1'795'000'000'000'000;
constexpr std::int64_t day_us = 86'400'000'000;

struct Fixture {
    TemporaryFolder folder;
    certs::Authority authority = certs::Authority::open(folder.path(), now_us);
    certs::DeviceCertificate device = certs::make_device_certificate(authority, "device-1", now_us);
};

std::string self_signed_pem(const std::string& common_name) {
    const auto key = certs::generate_key(certs::KeyKind::ecdsa_p256);
    const certs::CertificateSpec spec{certs::Usage::client, common_name, "", {}, {}, now_us, now_us + day_us};
    return certs::to_pem(certs::build_certificate(spec, key.get(), nullptr, nullptr).get());
}

}  // namespace

TEST_CASE_FIXTURE(Fixture, "[R58] a device certificate is a strict P-256 client certificate with CN = identity") {
    const auto chain = certs::certificates_from_pem(device.certificate_pem);
    REQUIRE(chain.size() == 1);
    CHECK(strict_verify(chain[0].get(), authority.pem(), X509_PURPOSE_SSL_CLIENT, nullptr, now_us) == "");
    CHECK(strict_verify(chain[0].get(), authority.pem(), X509_PURPOSE_SSL_SERVER, nullptr, now_us) != "");
    CHECK(certs::belongs_to(certs::key_from_pem(device.key_pem).get(), chain[0].get()));
    const auto seen = certs::describe_certificate(chain[0].get());
    CHECK(seen.common_name == "device-1");
    CHECK_FALSE(seen.self_signed);
    CHECK(seen.not_before_us == now_us - day_us);
    CHECK(seen.pem == device.certificate_pem);
    CHECK(seen.fingerprint_sha256.size() == 64);
    CHECK(seen == *certs::parse_certificate(device.certificate_pem).certificate);
}

TEST_CASE_FIXTURE(Fixture, "a device certificate is written with a private key file") {
    const auto out = folder.path() / "new" / "device";
    certs::write_device_certificate(device, out);
    CHECK(certs::read_file(out / "cert.pem") == device.certificate_pem);
    CHECK(certs::read_file(out / "key.pem") == device.key_pem);
    struct stat info {};
    REQUIRE(::stat((out / "key.pem").c_str(), &info) == 0);
    CHECK((info.st_mode & 0777U) == 0600);
    certs::write_device_certificate(device, out);
    CHECK(std::distance(std::filesystem::directory_iterator(out), std::filesystem::directory_iterator()) == 2);
}

TEST_CASE_FIXTURE(Fixture, "an identity that cannot be a common name is refused") {
    CHECK_THROWS_AS(certs::make_device_certificate(authority, "", now_us), certs::Error);
    CHECK_THROWS_WITH_AS(certs::make_device_certificate(authority, std::string(65, 'x'), now_us),
                         doctest::Contains("64"), certs::Error);
    CHECK_NOTHROW(certs::make_device_certificate(authority, std::string(64, 'x'), now_us));
    CHECK_THROWS_AS(certs::make_device_certificate(authority, "\xff\xfe", now_us), certs::Error);
}

TEST_CASE_FIXTURE(Fixture, "an identity outside ASCII keeps its UTF-8") {
    const auto made = certs::make_device_certificate(authority, "ger\xc3\xa4t-7", now_us);
    CHECK(certs::parse_certificate(made.certificate_pem).certificate->common_name == "ger\xc3\xa4t-7");
}

TEST_CASE("[R58] a self-signed certificate is recognised as such") {
    const auto parsed = certs::parse_certificate(self_signed_pem("cert-device"));
    REQUIRE(parsed.certificate);
    CHECK(parsed.certificate->self_signed);
    CHECK(parsed.certificate->common_name == "cert-device");
    CHECK(parsed.certificate->not_after_us == now_us + day_us);
}

TEST_CASE("a certificate without a common name has none") {
    const auto parsed = certs::parse_certificate(self_signed_pem(""));
    REQUIRE(parsed.certificate);
    CHECK(parsed.certificate->common_name == "");
}

TEST_CASE("[R58] a common name with a NUL inside names nobody") {
    const auto key = certs::generate_key(certs::KeyKind::ecdsa_p256);
    const std::string name("victim\0.attacker", 16);
    const certs::CertificateSpec spec{certs::Usage::client, name, "", {}, {}, now_us, now_us + day_us};
    const auto certificate = certs::build_certificate(spec, key.get(), nullptr, nullptr);
    const auto seen = certs::describe_certificate(certificate.get());
    CHECK(seen.common_name == "");
    CHECK(seen.name_fault == "contains the character U+0000");
    CHECK(seen.common_names == 1);
}

TEST_CASE("[R58] of several common names the last one counts, and their number is told") {
    const auto key = certs::generate_key(certs::KeyKind::ecdsa_p256);
    const certs::CertificateSpec spec{certs::Usage::client, "first", "", {}, {}, now_us, now_us + day_us};
    const auto certificate = certs::build_certificate(spec, key.get(), nullptr, nullptr);
    CHECK(certs::describe_certificate(certificate.get()).common_names == 1);
    X509_NAME* subject = X509_get_subject_name(certificate.get());
    const auto* second = reinterpret_cast<const unsigned char*>("second");
    REQUIRE(X509_NAME_add_entry_by_NID(subject, NID_commonName, MBSTRING_UTF8, second, 6, -1, 0) == 1);
    const auto seen = certs::describe_certificate(certificate.get());
    CHECK(seen.common_name == "second");
    CHECK(seen.common_names == 2);
    CHECK(seen.name_fault == "");
}

TEST_CASE("[R59] text that is no certificate says what it is") {
    const auto error = [](std::string_view text) { return certs::parse_certificate(text).error; };
    CHECK(error("").find("no certificate") != std::string::npos);
    CHECK(error("hello").find("not PEM") != std::string::npos);
    CHECK(error(std::string(70'000, 'x')).find("64 KiB") != std::string::npos);
    const std::string good = self_signed_pem("x");
    CHECK(error(good) == "");
    std::string damaged = good;
    damaged[100] = '!';
    CHECK(error(damaged).find("damaged") != std::string::npos);
    CHECK(error(good.substr(0, good.size() / 2)).find("damaged") != std::string::npos);
    const auto key = certs::generate_key(certs::KeyKind::ecdsa_p256);
    CHECK(error(certs::to_pem(key.get())).find("private key") != std::string::npos);
    CHECK(error("-----BEGIN CERTIFICATE REQUEST-----\nAA==\n-----END CERTIFICATE REQUEST-----\n").find("request") !=
          std::string::npos);
}

TEST_CASE("an encrypted PEM block is refused without asking for a pass phrase") {
    const auto parsed = certs::parse_certificate(
        "-----BEGIN CERTIFICATE-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: "
        "AES-128-CBC,00112233445566778899AABBCCDDEEFF\n\n"
        "AAAAAAAAAAAAAAAAAAAAAA==\n-----END CERTIFICATE-----\n");
    CHECK_FALSE(parsed.certificate);
}

TEST_CASE_FIXTURE(Fixture, "[R58] the chain to client_ca is judged at the given time") {
    const std::string ca = authority.pem();
    CHECK(certs::chains_to(device.certificate_pem, ca, now_us).trusted);
    const auto late = certs::chains_to(device.certificate_pem, ca, now_us + 3651 * day_us);
    CHECK_FALSE(late.trusted);
    CHECK(late.reason == "certificate has expired");
    CHECK(certs::chains_to(device.certificate_pem, ca, now_us - 3 * day_us).reason == "certificate is not yet valid");
}

namespace {

// A root, an intermediate that it signed, and a device certificate of that.
struct ThreeLevels {
    static certs::X509Ptr make(certs::Usage usage, const char* name, EVP_PKEY* key, X509* issuer,
                               EVP_PKEY* issuer_key) {
        const certs::CertificateSpec spec{usage, name, "", {}, {}, now_us, now_us + day_us};
        return certs::build_certificate(spec, key, issuer, issuer_key);
    }
    // Ours may sign devices alone (pathlen 0); this one may sign an intermediate.
    static certs::X509Ptr make_root(EVP_PKEY* key) {
        auto root = make(certs::Usage::authority, "root", key, nullptr, nullptr);
        X509_EXTENSION_free(X509_delete_ext(root.get(), X509_get_ext_by_NID(root.get(), NID_basic_constraints, -1)));
        X509_EXTENSION* any = X509V3_EXT_conf_nid(nullptr, nullptr, NID_basic_constraints, "critical,CA:TRUE");
        X509_add_ext(root.get(), any, -1);
        X509_EXTENSION_free(any);
        X509_sign(root.get(), key, EVP_sha256());
        return root;
    }
    certs::PkeyPtr root_key = certs::generate_key(certs::KeyKind::ecdsa_p256);
    certs::PkeyPtr middle_key = certs::generate_key(certs::KeyKind::ecdsa_p256);
    certs::PkeyPtr device_key = certs::generate_key(certs::KeyKind::ecdsa_p256);
    certs::X509Ptr root = make_root(root_key.get());
    certs::X509Ptr middle = make(certs::Usage::authority, "middle", middle_key.get(), root.get(), root_key.get());
    certs::X509Ptr device = make(certs::Usage::client, "device-1", device_key.get(), middle.get(), middle_key.get());
    std::string root_pem = certs::to_pem(root.get());
    std::string middle_pem = certs::to_pem(middle.get());
    std::string device_pem = certs::to_pem(device.get());
};

}  // namespace

TEST_CASE_FIXTURE(ThreeLevels, "[R58] client_ca is a root: the intermediate that the device sent leads to it") {
    CHECK(certs::chains_to(device_pem + middle_pem, root_pem, now_us).trusted);
    CHECK_FALSE(certs::chains_to(device_pem, root_pem, now_us).trusted);
    CHECK(certs::chains_to(device_pem, middle_pem, now_us).trusted);
    CHECK_FALSE(certs::chains_to(device_pem + middle_pem, root_pem, now_us + 2 * day_us).trusted);
    CHECK(certs::parse_certificate(device_pem + middle_pem).certificate->chain_pem == middle_pem);
    CHECK(certs::parse_certificate(device_pem).certificate->chain_pem == "");
}

TEST_CASE_FIXTURE(ThreeLevels, "[R58] what a device sends behind its certificate is used, never trusted") {
    CHECK_FALSE(certs::chains_to(middle_pem + device_pem, root_pem, now_us + 2 * day_us).trusted);
    const ThreeLevels other;
    CHECK_FALSE(certs::chains_to(other.device_pem + other.middle_pem + other.root_pem, root_pem, now_us).trusted);
    CHECK_FALSE(certs::chains_to(device_pem + other.middle_pem, root_pem, now_us).trusted);
}

TEST_CASE_FIXTURE(ThreeLevels, "[R58] only the first eight certificates behind the device's own are looked at") {
    std::string padding;
    const ThreeLevels other;
    for (int i = 0; i < 8; ++i) padding += other.middle_pem;
    CHECK(certs::chains_to(device_pem + middle_pem + padding, root_pem, now_us).trusted);
    CHECK_FALSE(certs::chains_to(device_pem + padding + middle_pem, root_pem, now_us).trusted);
}

TEST_CASE_FIXTURE(Fixture, "[R58] a certificate of another authority, or self-signed, does not chain") {
    const TemporaryFolder other;
    const auto stranger = certs::Authority::open(other.path(), now_us);
    CHECK_FALSE(certs::chains_to(device.certificate_pem, stranger.pem(), now_us).trusted);
    CHECK(certs::chains_to(device.certificate_pem, stranger.pem() + authority.pem(), now_us).trusted);
    CHECK_FALSE(certs::chains_to(self_signed_pem("device-1"), authority.pem(), now_us).trusted);
    CHECK(certs::chains_to(device.certificate_pem, "rubbish", now_us).reason.find("client_ca") != std::string::npos);
    CHECK(certs::chains_to("rubbish", authority.pem(), now_us).reason.find("cannot be read") != std::string::npos);
}
