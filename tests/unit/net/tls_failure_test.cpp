#include "server/net/tls_failure.h"

#include "server/net/tls_alerts.h"
#include "tests/unit/net/tls_pair.h"

#include <doctest/doctest.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

using tls_test::Client;
using tls_test::keys;
using tls_test::Pair;

namespace {

const net::TlsContext& context() {
    static const net::TlsContext made(keys().certificates, tls_test::selector(), tls_test::real_now_us);
    return made;
}

struct Outcome {
    net::HandshakeFailure failure;
    int alert = -1;

    bool says(const char* words) const {
        INFO(failure.sentence);
        return failure.sentence.find(words) != std::string::npos;
    }
};

Outcome fail(const Client& client) {
    Pair pair(context(), client);
    CHECK_FALSE(pair.handshake());
    CHECK(ERR_peek_error() == 0);
    return {pair.failure(), pair.alert_at_client()};
}

Outcome send_raw(std::string_view bytes) {
    Pair pair(context(), Client());
    pair.raw_to_server(bytes);
    return {pair.failure(), -1};
}

}  // namespace

TEST_CASE("[R3] no SNI: unrecognized_name, and it is explained") {
    Client client;
    client.sni = "";
    const auto outcome = fail(client);
    CHECK(outcome.alert == SSL_AD_UNRECOGNIZED_NAME);
    CHECK(outcome.failure.reason == "no_sni");
    CHECK(outcome.says("no server name (SNI)"));
    CHECK(outcome.failure.hint.find("require_sni") != std::string::npos);
}

TEST_CASE("[R3] a refused name: unrecognized_name, with the reason, at every TLS version") {
    for (const int version : {TLS1_VERSION, TLS1_2_VERSION, TLS1_3_VERSION}) {
        CAPTURE(version);
        Client client;
        client.sni = "a.b.m2.exosite.io";
        client.max_version = version;
        client.security_level = 0;
        const auto outcome = fail(client);
        CHECK(outcome.alert == SSL_AD_UNRECOGNIZED_NAME);
        CHECK(outcome.failure.reason == "refused_name");
        CHECK(outcome.says("more than one label"));
    }
}

TEST_CASE("[R3a] a client that is too old is told by its version") {
    Client client;
    client.security_level = 0;
    client.max_version = TLS1_1_VERSION;
    const auto outcome = fail(client);
    CHECK(outcome.alert == SSL_AD_PROTOCOL_VERSION);
    CHECK(outcome.failure.reason == "tls_version");
    CHECK(outcome.says("at most TLS 1.1"));
}

TEST_CASE("[R3a] no common cipher names what the client offers") {
    Client client;
    client.max_version = TLS1_2_VERSION;
    client.ciphers = "AES128-SHA";
    const auto outcome = fail(client);
    CHECK(outcome.alert == SSL_AD_HANDSHAKE_FAILURE);
    CHECK(outcome.failure.reason == "no_common_cipher");
    CHECK(outcome.says("AES128-SHA"));
}

TEST_CASE("a TLS 1.3 client without a signature algorithm in common is told so") {
    Client client;
    client.min_version = TLS1_3_VERSION;
    client.sigalgs = "ECDSA+SHA512";
    CHECK(fail(client).failure.reason == "no_common_cipher");
}

TEST_CASE("a device that does not trust our CA is told to install ca.crt") {
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        CAPTURE(version);
        Client client;
        client.max_version = version;
        client.trusts_us = false;
        const auto outcome = fail(client);
        CHECK(outcome.failure.reason == "client_rejected_certificate");
        CHECK(outcome.says("does not trust our CA"));
        CHECK(outcome.failure.hint.find("ca.crt") != std::string::npos);
    }
}

TEST_CASE("a device that checks another host name ends with its alert explained") {
    Client client;
    client.check_host = "other.example.com";
    CHECK(fail(client).failure.reason == "client_rejected_certificate");
}

TEST_CASE("every alert has an explanation; the known ones a hint") {
    for (int alert = 0; alert < 256; ++alert) {
        const auto failure = net::explain_client_alert(alert);
        CHECK_FALSE(failure.reason.empty());
        CHECK_FALSE(failure.sentence.empty());
    }
    CHECK(net::explain_client_alert(SSL_AD_CERTIFICATE_EXPIRED).hint.find("clock") != std::string::npos);
    CHECK(net::explain_client_alert(SSL_AD_PROTOCOL_VERSION).reason == "tls_version");
    CHECK(net::explain_client_alert(SSL_AD_BAD_CERTIFICATE).hint.find("ca.crt") != std::string::npos);
    CHECK(net::explain_client_alert(SSL_AD_NO_APPLICATION_PROTOCOL).reason == "client_alert");
}

TEST_CASE("[R1] plain MQTT and plain HTTP on the TLS port are recognised") {
    const std::string connect("\x10\x0c\0\x04MQTT\x04\x02\0\x3c\0\0", 14);
    CHECK(send_raw(connect).failure.reason == "plain_mqtt");
    CHECK(send_raw("GET / HTTP/1.1\r\nHost: x\r\n\r\n").failure.reason == "plain_http");
    CHECK(send_raw("POST /provision/activate HTTP/1.1\r\n\r\n").failure.reason == "plain_http");
    CHECK(send_raw("CONNECT x:1 HTTP/1.1\r\n\r\n").failure.reason == "plain_http");
    CHECK(send_raw("SSH-2.0-OpenSSH_9.2\r\n").failure.reason == "not_tls");
    CHECK(send_raw(std::string(64, '\xff')).failure.reason == "not_tls");
}

TEST_CASE("a connection that ends before or inside the handshake is told apart") {
    Pair silent(context(), Client());
    silent.close_client_side();
    CHECK(silent.failure().reason == "closed_before_hello");
    Client client;
    client.max_version = TLS1_2_VERSION;
    Pair half(context(), client);
    SSL_do_handshake(half.client());
    SSL_do_handshake(half.server());
    half.close_client_side();
    CHECK(half.failure().reason == "closed");
    CHECK(half.failure().hint.find("ca.crt") != std::string::npos);
}

TEST_CASE("a handshake that takes too long says how far it came") {
    Pair silent(context(), Client());
    CHECK(net::explain_handshake_timeout(silent.server()).sentence.find("no TLS ClientHello") != std::string::npos);
    Pair half(context(), Client());
    SSL_do_handshake(half.client());
    SSL_do_handshake(half.server());
    CHECK(net::explain_handshake_timeout(half.server()).sentence.find("did not finish") != std::string::npos);
}

TEST_CASE("a truncated or damaged ClientHello is a bad handshake, never a crash") {
    BIO* out = BIO_new(BIO_s_mem());
    const certs::SslCtxPtr plain(SSL_CTX_new(TLS_client_method()));
    const net::SslPtr hello(SSL_new(plain.get()));
    SSL_set_bio(hello.get(), BIO_new(BIO_s_mem()), out);
    tls_test::send_server_name(hello.get(), "alpha.m2.exosite.io");
    SSL_connect(hello.get());
    char* data = nullptr;
    const long size = BIO_get_mem_data(out, &data);
    const std::string bytes(data, static_cast<std::size_t>(size));
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        std::string damaged = bytes;
        damaged[at] = static_cast<char>(damaged[at] ^ 0x5A);
        Pair pair(context(), Client());
        pair.raw_to_server(damaged);
        pair.close_client_side();
        CHECK_FALSE(pair.failure().reason.empty());
    }
}

TEST_CASE("a selector that throws fails the handshake only") {
    const net::TlsContext broken(
        keys().certificates,
        [](std::optional<std::string_view>) -> net::SniVerdict { throw std::runtime_error("no settings"); },
        tls_test::real_now_us);
    Pair pair(broken, Client());
    CHECK_FALSE(pair.handshake());
    CHECK(pair.failure().reason == "internal");
    CHECK(pair.failure().sentence == "no settings");
}
