#include "certs/server_certificates.h"

#include "certs/error.h"
#include "certs/files.h"
#include "certs/keys.h"
#include "certs/pem.h"
#include "tests/unit/certs/strict_verify.h"
#include "tests/unit/certs/temporary_folder.h"

#include <doctest/doctest.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace {

constexpr std::int64_t now_us = 1'795'000'000'000'000;
constexpr std::int64_t day_us = 86'400'000'000;

struct Fixture {
    TemporaryFolder folder;
    std::shared_ptr<const certs::Authority> authority =
        std::make_shared<certs::Authority>(certs::Authority::open(folder.path(), now_us));

    certs::ServerCertificates open(std::int64_t at_us = now_us, std::string domain = "m2.exosite.io") {
        return certs::ServerCertificates(authority, {folder.path(), std::move(domain), "buildhost", 4}, at_us);
    }
    std::string check(const certs::ServerChains& chains, std::size_t kind, const char* host,
                      std::int64_t at_us = now_us) {
        return strict_verify(chains.chains.at(kind).certificate.get(), authority->pem(), X509_PURPOSE_SSL_SERVER, host,
                             at_us);
    }
};

std::string default_pem(certs::ServerCertificates& certificates, std::int64_t at_us = now_us) {
    return certs::to_pem(certificates.for_name("", at_us)->chains.front().certificate.get());
}

}  // namespace

TEST_CASE_FIXTURE(Fixture, "[R3a] the default certificates, ECDSA and RSA, hold for every default name") {
    auto certificates = open();
    const auto chains = certificates.for_name("", now_us);
    REQUIRE(chains->chains.size() == 2);
    CHECK(EVP_PKEY_is_a(chains->chains[0].key.get(), "EC") == 1);
    CHECK(EVP_PKEY_is_a(chains->chains[1].key.get(), "RSA") == 1);
    CHECK(EVP_PKEY_get_bits(chains->chains[1].key.get()) == 2048);
    for (const char* host :
         {"x2lmj5npsktbuik9.m2.exosite.io", "m2.exosite.io", "localhost", "buildhost", "127.0.0.1", "::1"}) {
        CAPTURE(host);
        CHECK(check(*chains, 0, host) == "");
        CHECK(check(*chains, 1, host) == "");
    }
    CHECK(check(*chains, 0, "elsewhere.example") == "hostname mismatch");
}

TEST_CASE_FIXTURE(Fixture, "server certificates are v3 with a 128-bit serial and at most 397 days") {
    auto certificates = open();
    const auto chains = certificates.for_name("", now_us);
    X509* leaf = chains->chains[1].certificate.get();
    CHECK(X509_get_version(leaf) == X509_VERSION_3);
    BIGNUM* serial = ASN1_INTEGER_to_BN(X509_get0_serialNumber(leaf), nullptr);
    CHECK(BN_num_bits(serial) > 64);
    CHECK(BN_num_bits(serial) <= 128);
    CHECK(BN_is_negative(serial) == 0);
    BN_free(serial);
    CHECK(certs::not_before_us(leaf) == now_us - day_us);
    CHECK(certs::not_after_us(leaf) - certs::not_before_us(leaf) == 397 * day_us);
    CHECK(X509_get_extended_key_usage(leaf) == XKU_SSL_SERVER);
    CHECK(X509_check_ca(leaf) == 0);
    for (const int nid : {NID_basic_constraints, NID_key_usage}) {
        X509_EXTENSION* extension = X509_get_ext(leaf, X509_get_ext_by_NID(leaf, nid, -1));
        REQUIRE(extension != nullptr);
        CHECK(X509_EXTENSION_get_critical(extension) == 1);
    }
}

TEST_CASE_FIXTURE(Fixture, "any other name gets a certificate of its own, kept in a bounded cache") {
    auto certificates = open();
    const auto first = certificates.for_name("broker.test", now_us);
    CHECK(check(*first, 0, "broker.test") == "");
    CHECK(check(*first, 1, "broker.test") == "");
    CHECK(check(*first, 0, "localhost") == "hostname mismatch");
    CHECK(certificates.for_name("broker.test", now_us) == first);
    for (const char* name : {"a", "b", "c", "d", "e"}) certificates.for_name(name, now_us);
    CHECK(certificates.cached_names() == 4);
    CHECK(certificates.for_name("broker.test", now_us) != first);
}

TEST_CASE_FIXTURE(Fixture, "names of up to 253 characters and IP addresses get certificates too") {
    auto certificates = open();
    const std::string label(60, 'a');
    const std::string name = label + "." + label + "." + label + ".test";
    CHECK(check(*certificates.for_name(name, now_us), 0, name.c_str()) == "");
    CHECK(check(*certificates.for_name("192.0.2.7", now_us), 1, "192.0.2.7") == "");
    CHECK(check(*certificates.for_name("2001:db8::7", now_us), 1, "2001:db8::7") == "");
}

TEST_CASE_FIXTURE(Fixture, "no certificate is made for what is not a host name") {
    auto certificates = open();
    CHECK_THROWS_AS(certificates.for_name("*.example.com", now_us), certs::Error);
    CHECK_THROWS_AS(certificates.for_name("a..b", now_us), certs::Error);
    CHECK_THROWS_AS(certificates.for_name("a,DNS:b", now_us), certs::Error);
    CHECK(certificates.cached_names() == 0);
}

TEST_CASE_FIXTURE(Fixture, "a restart keeps keys and certificates, for clients that pin them") {
    auto first = open();
    const std::string before = default_pem(first);
    auto second = open(now_us + 100 * day_us);
    CHECK(default_pem(second, now_us + 100 * day_us) == before);
}

TEST_CASE_FIXTURE(Fixture, "a certificate near its end is renewed at the start and while serving") {
    auto certificates = open();
    const std::string before = default_pem(certificates);
    const auto minted = certificates.for_name("broker.test", now_us);
    CHECK(default_pem(certificates, now_us + 365 * day_us) == before);
    const std::int64_t late_us = now_us + 367 * day_us;
    CHECK(default_pem(certificates, late_us) != before);
    CHECK(check(*certificates.for_name("", late_us), 0, "localhost", late_us + 300 * day_us) == "");
    const auto renewed = certificates.for_name("broker.test", late_us);
    CHECK(renewed != minted);
    CHECK(certificates.for_name("broker.test", late_us) == renewed);
    auto restarted = open(late_us + 367 * day_us);
    CHECK(check(*restarted.for_name("", late_us + 367 * day_us), 1, "localhost", late_us + 368 * day_us) == "");
}

TEST_CASE_FIXTURE(Fixture, "certificates made while the machine's clock was ahead are replaced") {
    auto ahead = open(now_us + 90 * day_us);
    auto certificates = open(now_us);
    CHECK(check(*certificates.for_name("", now_us), 0, "localhost") == "");
}

TEST_CASE_FIXTURE(Fixture, "another domain or another authority makes new default certificates") {
    { auto certificates = open(); }
    auto moved = open(now_us, "devices.example.com");
    CHECK(check(*moved.for_name("", now_us), 0, "abc.devices.example.com") == "");
    const TemporaryFolder other;
    authority = std::make_shared<certs::Authority>(certs::Authority::open(other.path(), now_us));
    auto resigned = open(now_us, "devices.example.com");
    CHECK(check(*resigned.for_name("", now_us), 0, "abc.devices.example.com") == "");
}

TEST_CASE_FIXTURE(Fixture, "a domain of one label has no wildcard; its names get certificates of their own") {
    auto certificates = open(now_us, "localdomain");
    CHECK(check(*certificates.for_name("abc.localdomain", now_us), 0, "abc.localdomain") == "");
    CHECK(certificates.cached_names() == 1);
}

TEST_CASE_FIXTURE(Fixture, "a broken certificate file is replaced, a broken key is an error") {
    { auto certificates = open(); }
    certs::write_atomically(folder.path() / "server-rsa.crt", "rubbish", certs::FileMode::certificate);
    auto certificates = open();
    CHECK(check(*certificates.for_name("", now_us), 1, "localhost") == "");
    certs::write_atomically(folder.path() / "server-rsa.key", "rubbish", certs::FileMode::private_key);
    CHECK_THROWS_WITH_AS(open(), doctest::Contains("server-rsa.key"), certs::Error);
}

TEST_CASE_FIXTURE(Fixture, "a ready chain is used for every name, intermediates included") {
    const auto key = certs::generate_key(certs::KeyKind::ecdsa_p256);
    const certs::CertificateSpec spec{certs::Usage::server, "own", "", {"own.test"}, {}, now_us, now_us + day_us};
    const auto leaf = authority->sign(spec, key.get());
    const auto chain_file = folder.path() / "chain.pem";
    const auto key_file = folder.path() / "own.key";
    certs::write_atomically(chain_file, certs::to_pem(leaf.get()) + authority->pem(), certs::FileMode::certificate);
    certs::write_atomically(key_file, certs::to_pem(key.get()), certs::FileMode::private_key);
    certs::ServerCertificates ready(chain_file, key_file);
    const auto chains = ready.for_name("anything", now_us + 900 * day_us);
    REQUIRE(chains->chains.size() == 1);
    CHECK(X509_cmp(chains->chains[0].certificate.get(), leaf.get()) == 0);
    CHECK(chains->chains[0].intermediates.size() == 1);
    CHECK_THROWS_WITH_AS(certs::ServerCertificates(chain_file, folder.path() / "ca.key"),
                         doctest::Contains("does not belong"), certs::Error);
}
