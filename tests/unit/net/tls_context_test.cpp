#include "certs/cipher_suites.h"
#include "certs/error.h"
#include "certs/files.h"
#include "certs/keys.h"
#include "certs/pem.h"
#include "server/net/tls/context.h"
#include "tests/unit/certs/temporary_folder.h"
#include "tests/unit/net/tls_pair.h"

#include <doctest/doctest.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/socket.h>
#include <unistd.h>

using tls_test::Client;
using tls_test::keys;
using tls_test::Pair;

namespace {

net::TlsContext make_context(bool require_sni = true) {
    return net::TlsContext(keys().certificates, tls_test::selector(require_sni), tls_test::real_now_us);
}

std::string server_key_kind(const Pair& pair) {
    X509* shown = SSL_get0_peer_certificate(pair.client());
    return shown == nullptr ? "none" : EVP_PKEY_get0_type_name(X509_get0_pubkey(shown));
}

}  // namespace

TEST_CASE("[R3] the connector is known after the handshake, with name, version and suite") {
    const auto context = make_context();
    Client client;
    client.sni = "ALPHA.m2.exosite.io";
    client.check_host = "alpha.m2.exosite.io";
    Pair pair(context, client);
    REQUIRE(pair.handshake());
    CHECK(net::tls_connector(pair.server()) == "alpha");
    CHECK(net::tls_sni(pair.server()) == "alpha.m2.exosite.io");
    CHECK(net::tls_version(pair.server()) == "TLSv1.3");
    CHECK(net::tls_cipher(pair.server()) == "TLS_AES_128_GCM_SHA256");
    CHECK_FALSE(net::tls_resumed(pair.server()));
    CHECK(pair.client_verify_result() == X509_V_OK);
    CHECK(pair.send_to_server("hello"));
    CHECK(pair.send_to_client("world"));
}

TEST_CASE("any accepted name has a certificate that the client can check") {
    const auto context = make_context();
    for (const char* name : {"m2.exosite.io", "localhost", "buildhost", "murano", "broker.example.com"}) {
        CAPTURE(name);
        Client client;
        client.sni = name;
        Pair pair(context, client);
        CHECK(pair.handshake());
        CHECK(net::tls_connector(pair.server()) == "local");
    }
}

TEST_CASE("[R3] with require_sni false a client without a name is served with the default certificate") {
    const auto context = make_context(false);
    Client client;
    client.sni = "";
    client.check_host = "localhost";
    Pair pair(context, client);
    REQUIRE(pair.handshake());
    CHECK(net::tls_connector(pair.server()) == "local");
    CHECK(net::tls_sni(pair.server()) == "");
}

TEST_CASE("[R3a] an RSA-only client gets the RSA certificate, an ECDSA-only one the ECDSA certificate") {
    const auto context = make_context();
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        CAPTURE(version);
        Client rsa;
        rsa.max_version = version;
        rsa.sigalgs = "RSA-PSS+SHA256:RSA+SHA256";
        Pair rsa_pair(context, rsa);
        CHECK(rsa_pair.handshake());
        CHECK(server_key_kind(rsa_pair) == "RSA");
        Client ecdsa;
        ecdsa.max_version = version;
        ecdsa.sigalgs = "ECDSA+SHA256";
        Pair ecdsa_pair(context, ecdsa);
        CHECK(ecdsa_pair.handshake());
        CHECK(server_key_kind(ecdsa_pair) == "EC");
    }
}

TEST_CASE("[R3a] the server's order counts: ECDHE_ECDSA before ECDHE_RSA before DHE_RSA") {
    const auto context = make_context();
    const auto cipher_for = [&](const char* offered) {
        Client client;
        client.max_version = TLS1_2_VERSION;
        client.ciphers = offered;
        Pair pair(context, client);
        return pair.handshake() ? std::string(net::tls_cipher(pair.server())) : "failed";
    };
    CHECK(cipher_for("DHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-GCM-SHA256") ==
          "ECDHE-ECDSA-AES128-GCM-SHA256");
    CHECK(cipher_for("DHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384") == "ECDHE-RSA-AES256-GCM-SHA384");
    CHECK(cipher_for("DHE-RSA-AES128-GCM-SHA256") == "DHE-RSA-AES128-GCM-SHA256");
    CHECK(cipher_for("ECDHE-ECDSA-AES128-CCM") == "ECDHE-ECDSA-AES128-CCM");
    CHECK(cipher_for("AES128-SHA:ECDHE-RSA-AES128-SHA") == "failed");
}

TEST_CASE("[R3a] TLSv1.0 lowers one connection only, and its new clients still get 1.3") {
    const auto legacy = std::make_shared<const certs::TlsPolicy>(certs::tls_v1_0_policy());
    const net::TlsContext context(keys().certificates, tls_test::selector(true, legacy), tls_test::real_now_us);
    for (const int version : {TLS1_VERSION, TLS1_1_VERSION, TLS1_2_VERSION, TLS1_3_VERSION}) {
        CAPTURE(version);
        Client old;
        old.sni = "legacy.m2.exosite.io";
        old.max_version = version;
        old.security_level = 0;
        Pair pair(context, old);
        CHECK(pair.handshake());
        CHECK(SSL_version(pair.server()) == version);
        old.sni = "alpha.m2.exosite.io";
        Pair modern(context, old);
        CHECK(modern.handshake() == (version >= TLS1_2_VERSION));
    }
    Client key_exchange;
    key_exchange.sni = "legacy.m2.exosite.io";
    key_exchange.security_level = 0;
    key_exchange.max_version = TLS1_VERSION;
    key_exchange.ciphers = "AES128-SHA";
    Pair pair(context, key_exchange);
    CHECK(pair.handshake());
}

TEST_CASE("[R3a] a custom policy allows its own suites and versions, nothing else") {
    const auto custom = std::make_shared<const certs::TlsPolicy>(
        certs::custom_tls_policy("TLSv1.2", {"ECDHE-RSA-AES256-SHA384"}).policy);
    const net::TlsContext context(keys().certificates, tls_test::selector(true, custom), tls_test::real_now_us);
    Client client;
    client.sni = "legacy.m2.exosite.io";
    Pair pair(context, client);
    REQUIRE(pair.handshake());
    CHECK(net::tls_cipher(pair.server()) == "ECDHE-RSA-AES256-SHA384");
    CHECK(net::tls_version(pair.server()) == "TLSv1.2");
    client.ciphers = "ECDHE-RSA-AES128-GCM-SHA256";
    Pair other(context, client);
    CHECK_FALSE(other.handshake());
    const auto newest = std::make_shared<const certs::TlsPolicy>(
        certs::custom_tls_policy("TLSv1.3", {"TLS_CHACHA20_POLY1305_SHA256"}).policy);
    const net::TlsContext context13(keys().certificates, tls_test::selector(true, newest), tls_test::real_now_us);
    client.ciphers = "";
    Pair pair13(context13, client);
    REQUIRE(pair13.handshake());
    CHECK(net::tls_cipher(pair13.server()) == "TLS_CHACHA20_POLY1305_SHA256");
}

TEST_CASE("[R3a] every suite that a custom policy takes makes a connection on its own") {
    for (const certs::CipherSuite& suite : certs::cipher_suites()) {
        if (suite.insecure) continue;
        CAPTURE(suite.name);
        const auto made = certs::custom_tls_policy(suite.tls_1_3 ? "TLSv1.3" : "", {suite.iana_name});
        REQUIRE(made.error == "");
        const auto policy = std::make_shared<const certs::TlsPolicy>(made.policy);
        const net::TlsContext context(keys().certificates, tls_test::selector(true, policy), tls_test::real_now_us);
        Client client;
        client.sni = "legacy.m2.exosite.io";
        client.security_level = 0;
        (suite.tls_1_3 ? client.ciphersuites : client.ciphers) = suite.name;
        Pair pair(context, client);
        CHECK(pair.handshake());
        CHECK(net::tls_cipher(pair.server()) == suite.name);
    }
}

TEST_CASE("[R58] a client certificate is asked for, not required, and no authority is named") {
    const auto context = make_context();
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        CAPTURE(version);
        Client client;
        client.max_version = version;
        Pair anonymous(context, client);
        REQUIRE(anonymous.handshake());
        CHECK_FALSE(net::tls_client_certificate(anonymous.server()).has_value());
        client.sends_certificate = true;
        Pair device(context, client);
        REQUIRE(device.handshake());
        CHECK_FALSE(device.client_got_ca_names());
        REQUIRE(net::tls_client_certificate(device.server()).has_value());
        CHECK(net::tls_client_certificate(device.server())->common_name == "device-1");
    }
}

TEST_CASE("[R58] expired, self-signed, server-only and short-keyed client certificates pass the handshake") {
    const auto context = make_context();
    const auto now = tls_test::real_now_us();
    const auto present = [&](const certs::CertificateSpec& spec, certs::PkeyPtr key) {
        const auto made = certs::build_certificate(spec, key.get(), nullptr, nullptr);
        Client client;
        client.security_level = 0;
        client.sends_certificate = true;
        client.certificate = {certs::to_pem(made.get()), certs::to_pem(key.get())};
        Pair pair(context, client);
        if (!pair.handshake()) return std::string("handshake failed: ") + pair.failure().sentence;
        return net::tls_client_certificate(pair.server())->common_name;
    };
    certs::CertificateSpec spec{certs::Usage::client,  "odd", "", {}, {}, now - tls_test::day_us,
                                now + tls_test::day_us};
    CHECK(present(spec, certs::generate_key(certs::KeyKind::ecdsa_p256)) == "odd");
    CHECK(present(spec, certs::PkeyPtr(EVP_RSA_gen(1024U))) == "odd");
    spec.usage = certs::Usage::server;
    CHECK(present(spec, certs::generate_key(certs::KeyKind::ecdsa_p256)) == "odd");
    spec.not_after_us = now - tls_test::second_us;
    CHECK(present(spec, certs::generate_key(certs::KeyKind::ecdsa_p256)) == "odd");
    spec.not_before_us = now + tls_test::day_us;
    spec.not_after_us = now + 2 * tls_test::day_us;
    CHECK(present(spec, certs::generate_key(certs::KeyKind::ecdsa_p256)) == "odd");
}

TEST_CASE("a client that asks for 512-byte fragments gets no larger ones") {
    const auto context = make_context();
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        CAPTURE(version);
        Client small;
        small.max_version = version;
        small.max_fragment = TLSEXT_max_fragment_length_512;
        Pair pair(context, small);
        REQUIRE(pair.handshake());
        CHECK(pair.send_to_client(std::string(400, 'x')));
        char buffer[512];
        const std::string large(2000, 'y');
        REQUIRE(SSL_write(pair.server(), large.data(), static_cast<int>(large.size())) > 0);
        CHECK(SSL_read(pair.client(), buffer, sizeof buffer) == 512);
        CHECK(pair.largest_record_at_client() <= 512 + 64);
    }
}

TEST_CASE("renegotiation is refused") {
    const auto context = make_context();
    Client client;
    client.max_version = TLS1_2_VERSION;
    Pair pair(context, client);
    REQUIRE(pair.handshake());
    CHECK((SSL_get_options(pair.server()) & SSL_OP_NO_RENEGOTIATION) != 0);
    REQUIRE(SSL_renegotiate(pair.client()) == 1);
    SSL_do_handshake(pair.client());
    char byte = 0;
    const int result = SSL_read(pair.server(), &byte, 1);
    CHECK(SSL_get_error(pair.server(), result) == SSL_ERROR_WANT_READ);
    SSL_do_handshake(pair.client());
    CHECK(pair.alert_at_client() == SSL_AD_NO_RENEGOTIATION);
}

TEST_CASE("the end of the stream without close_notify reads as a plain end") {
    const auto context = make_context();
    Pair pair(context, Client());
    REQUIRE(pair.handshake());
    BIO_shutdown_wr(SSL_get_wbio(pair.client()));
    char byte = 0;
    const int result = SSL_read(pair.server(), &byte, 1);
    CHECK(SSL_get_error(pair.server(), result) == SSL_ERROR_ZERO_RETURN);
}

TEST_CASE("a session is made on a socket, which stays open when it ends") {
    const auto context = make_context();
    int ends[2];
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) == 0);
    {
        const auto ssl = context.new_session(ends[0]);
        REQUIRE(ssl);
        CHECK(SSL_get_fd(ssl.get()) == ends[0]);
        const int result = SSL_accept(ssl.get());
        CHECK(SSL_get_error(ssl.get(), result) == SSL_ERROR_WANT_READ);
    }
    CHECK(::write(ends[0], "x", 1) == 1);
    ::close(ends[0]);
    ::close(ends[1]);
}

TEST_CASE("the API context takes any name or none and asks for no client certificate") {
    const auto context = net::make_api_tls_context(keys().certificates, tls_test::real_now_us);
    for (const char* name : {"bizapi.hosted.exosite.io", "a.b.m2.exosite.io", ""}) {
        CAPTURE(name);
        Client client;
        client.sni = name;
        client.check_host = client.sni.empty() ? "localhost" : "";
        client.sends_certificate = true;
        Pair pair(*context, client);
        CHECK(pair.handshake());
        CHECK_FALSE(net::tls_client_certificate(pair.server()).has_value());
    }
}

TEST_CASE("certificates follow real time: a server that runs for a year shows a renewed one") {
    const TemporaryFolder folder;
    std::int64_t now = tls_test::real_now_us();
    const auto certificates = std::make_shared<certs::ServerCertificates>(
        keys().authority, certs::ServerCertificateOptions{folder.path(), "m2.exosite.io", "", 4}, now);
    const net::TlsContext context(certificates, tls_test::selector(), [&now] { return now; });
    const auto shown = [&](const char* name) {
        Client client;
        client.sni = name;
        client.trusts_us = false;
        client.check_host = "*";
        Pair pair(context, client);
        REQUIRE(pair.handshake());
        return certs::not_after_us(SSL_get0_peer_certificate(pair.client()));
    };
    for (const char* name : {"alpha.m2.exosite.io", "broker.test"}) {
        CAPTURE(name);
        now = tls_test::real_now_us();
        const std::int64_t first = shown(name);
        now += 300 * tls_test::day_us;
        CHECK(shown(name) == first);
        now += 80 * tls_test::day_us;
        CHECK(shown(name) > first);
    }
}

TEST_CASE("a ready chain reaches the client with its intermediates") {
    const TemporaryFolder folder;
    const auto now = tls_test::real_now_us();
    const auto key = certs::generate_key(certs::KeyKind::ecdsa_p256);
    const auto middle_key = certs::generate_key(certs::KeyKind::ecdsa_p256);
    certs::CertificateSpec spec{certs::Usage::authority, "Root", "", {}, {}, now, now + tls_test::day_us};
    const auto root_key = certs::generate_key(certs::KeyKind::ecdsa_p256);
    const auto root = certs::build_certificate(spec, root_key.get(), nullptr, nullptr);
    spec.common_name = "Middle";
    const auto middle = certs::build_certificate(spec, middle_key.get(), root.get(), root_key.get());
    spec = {certs::Usage::server, "leaf", "", {"pinned.test"}, {}, now, now + tls_test::day_us};
    const auto leaf = certs::build_certificate(spec, key.get(), middle.get(), middle_key.get());
    certs::write_atomically(folder.path() / "chain", certs::to_pem(leaf.get()) + certs::to_pem(middle.get()),
                            certs::FileMode::certificate);
    certs::write_atomically(folder.path() / "key", certs::to_pem(key.get()), certs::FileMode::private_key);
    const auto ready = std::make_shared<certs::ServerCertificates>(folder.path() / "chain", folder.path() / "key");
    const net::TlsContext context(ready, tls_test::selector(), tls_test::real_now_us);
    Client client;
    client.sni = "pinned.test";
    client.trusts_us = false;
    client.check_host = "*";
    Pair pair(context, client);
    REQUIRE(pair.handshake());
    CHECK(sk_X509_num(SSL_get_peer_cert_chain(pair.client())) == 2);
}

TEST_CASE("a ready certificate with a key too short is refused at the start") {
    const TemporaryFolder folder;
    const auto now = tls_test::real_now_us();
    const certs::PkeyPtr key(EVP_RSA_gen(1024U));
    const certs::CertificateSpec spec{certs::Usage::server, "weak", "", {"weak"}, {}, now, now + tls_test::day_us};
    const auto leaf = certs::build_certificate(spec, key.get(), nullptr, nullptr);
    certs::write_atomically(folder.path() / "chain", certs::to_pem(leaf.get()), certs::FileMode::certificate);
    certs::write_atomically(folder.path() / "key", certs::to_pem(key.get()), certs::FileMode::private_key);
    const auto ready = std::make_shared<certs::ServerCertificates>(folder.path() / "chain", folder.path() / "key");
    CHECK_THROWS_WITH_AS(net::TlsContext(ready, tls_test::selector(), tls_test::real_now_us),
                         doctest::Contains("ee key too small"), certs::Error);
}
