#include "certs/authority.h"

#include "certs/error.h"
#include "certs/files.h"
#include "certs/keys.h"
#include "certs/pem.h"
#include "tests/unit/certs/strict_verify.h"
#include "tests/unit/certs/temporary_folder.h"

#include <doctest/doctest.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

namespace {

constexpr std::int64_t now_us = 1'795'000'000'000'000;
constexpr std::int64_t day_us = 86'400'000'000;

unsigned mode_of(const std::filesystem::path& file) {
    struct stat info {};
    REQUIRE(::stat(file.c_str(), &info) == 0);
    return info.st_mode & 07777U;
}

std::string message_of(const std::filesystem::path& certificate, const std::filesystem::path& key) {
    try {
        certs::Authority::load(certificate, key, now_us);
    } catch (const certs::Error& error) {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("the authority is made at the first start and kept") {
    const TemporaryFolder folder;
    const auto certs_folder = folder.path() / "certs";
    const auto first = certs::Authority::open(certs_folder, now_us);
    const auto second = certs::Authority::open(certs_folder, now_us + day_us);
    CHECK(first.pem() == second.pem());
    CHECK(first.pem() == certs::read_file(certs_folder / "ca.crt"));
}

TEST_CASE("the authority's key is private and its certificate public, whatever the umask") {
    const TemporaryFolder folder;
    const mode_t before = ::umask(0077);
    certs::Authority::open(folder.path(), now_us);
    ::umask(before);
    CHECK(mode_of(folder.path() / "ca.crt") == 0644);
    CHECK(mode_of(folder.path() / "ca.key") == 0600);
}

TEST_CASE("the authority's certificate passes a strict check of a root for twenty years") {
    const TemporaryFolder folder;
    const auto authority = certs::Authority::open(folder.path(), now_us);
    X509* certificate = authority.certificate();
    CHECK(X509_get_version(certificate) == X509_VERSION_3);
    CHECK(X509_check_ca(certificate) == 1);
    CHECK(X509_self_signed(certificate, 1) == 1);
    CHECK(X509_get0_subject_key_id(certificate) != nullptr);
    CHECK((X509_get_key_usage(certificate) & KU_KEY_CERT_SIGN) != 0);
    CHECK(strict_verify(certificate, authority.pem(), X509_PURPOSE_ANY, nullptr, now_us + 7299 * day_us) == "");
    CHECK(authority.intermediates().empty());
}

TEST_CASE("two authorities have different names") {
    const TemporaryFolder one, other;
    const auto first = certs::Authority::open(one.path(), now_us);
    const auto second = certs::Authority::open(other.path(), now_us);
    CHECK(X509_NAME_cmp(X509_get_subject_name(first.certificate()), X509_get_subject_name(second.certificate())) != 0);
}

TEST_CASE("a start that was killed between key and certificate is completed with the same key") {
    const TemporaryFolder folder;
    certs::Authority::open(folder.path(), now_us);
    const std::string key = certs::read_file(folder.path() / "ca.key");
    std::filesystem::remove(folder.path() / "ca.crt");
    const auto authority = certs::Authority::open(folder.path(), now_us);
    CHECK(certs::read_file(folder.path() / "ca.key") == key);
    CHECK(certs::belongs_to(certs::key_from_pem(key).get(), authority.certificate()));
}

TEST_CASE("an authority without its key is refused, not replaced") {
    const TemporaryFolder folder;
    certs::Authority::open(folder.path(), now_us);
    std::filesystem::remove(folder.path() / "ca.key");
    CHECK_THROWS_WITH_AS(certs::Authority::open(folder.path(), now_us), doctest::Contains("ca.key"), certs::Error);
    CHECK_FALSE(std::filesystem::exists(folder.path() / "ca.key"));
}

TEST_CASE("a given authority is refused when key and certificate do not belong together") {
    const TemporaryFolder one, other;
    certs::Authority::open(one.path(), now_us);
    certs::Authority::open(other.path(), now_us);
    CHECK(message_of(one.path() / "ca.crt", other.path() / "ca.key").find("does not belong to") != std::string::npos);
    CHECK(message_of(one.path() / "ca.crt", one.path() / "ca.key") == "");
}

TEST_CASE("a given authority is refused with the file's name when it cannot be used") {
    const TemporaryFolder folder;
    const auto authority = certs::Authority::open(folder.path(), now_us);
    const auto ca = folder.path() / "ca.crt";
    const auto key = folder.path() / "ca.key";
    const auto bad = folder.path() / "bad.pem";
    const auto fails_with = [](const std::string& message, const char* words) {
        INFO(message);
        return message.find(words) != std::string::npos;
    };
    CHECK(fails_with(message_of(folder.path() / "absent", key), "No such file"));
    certs::write_atomically(bad, "nothing here", certs::FileMode::certificate);
    CHECK(fails_with(message_of(bad, key), "does not hold a certificate"));
    CHECK(fails_with(message_of(ca, bad), "does not hold a private key"));
    certs::write_atomically(bad, "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n",
                            certs::FileMode::private_key);
    CHECK(fails_with(message_of(ca, bad), "encrypted"));

    const auto leaf_key = certs::generate_key(certs::KeyKind::ecdsa_p256);
    const certs::CertificateSpec spec{certs::Usage::server, "leaf", "", {"leaf"}, {}, now_us, now_us + day_us};
    certs::write_atomically(bad, certs::to_pem(authority.sign(spec, leaf_key.get()).get()),
                            certs::FileMode::certificate);
    certs::write_atomically(key, certs::to_pem(leaf_key.get()), certs::FileMode::private_key);
    CHECK(fails_with(message_of(bad, key), "not the certificate of a certificate authority"));

    const auto old =
        certs::build_certificate({certs::Usage::authority, "old", "", {}, {}, now_us - 9 * day_us, now_us - day_us},
                                 leaf_key.get(), nullptr, nullptr);
    certs::write_atomically(bad, certs::to_pem(old.get()), certs::FileMode::certificate);
    CHECK(fails_with(message_of(bad, key), "expired on 2026-"));
}

TEST_CASE("a certificate never outlives its authority") {
    const TemporaryFolder folder;
    const auto authority = certs::Authority::open(folder.path(), now_us);
    const auto key = certs::generate_key(certs::KeyKind::ecdsa_p256);
    const certs::CertificateSpec spec{certs::Usage::server, "x", "", {"x"}, {}, 0, now_us + 20000 * day_us};
    const auto made = authority.sign(spec, key.get());
    CHECK(certs::not_after_us(made.get()) == certs::not_after_us(authority.certificate()));
    CHECK(certs::not_before_us(made.get()) == certs::not_before_us(authority.certificate()));
}

TEST_CASE("an intermediate authority sends itself after what it signs, and hands out its root") {
    const TemporaryFolder folder;
    const auto root_key = certs::generate_key(certs::KeyKind::rsa_2048);
    const auto middle_key = certs::generate_key(certs::KeyKind::ecdsa_p256);
    certs::CertificateSpec spec{certs::Usage::authority, "Root", "", {}, {}, now_us - day_us, now_us + day_us};
    auto root = certs::build_certificate(spec, root_key.get(), nullptr, nullptr);
    spec.common_name = "Middle";
    const auto middle = certs::build_certificate(spec, middle_key.get(), root.get(), root_key.get());
    certs::write_atomically(folder.path() / "ca", certs::to_pem(middle.get()) + certs::to_pem(root.get()),
                            certs::FileMode::certificate);
    certs::write_atomically(folder.path() / "key", certs::to_pem(middle_key.get()), certs::FileMode::private_key);
    const auto authority = certs::Authority::load(folder.path() / "ca", folder.path() / "key", now_us);
    CHECK(authority.intermediates().size() == 1);
    CHECK(authority.pem() == certs::to_pem(root.get()));
}
