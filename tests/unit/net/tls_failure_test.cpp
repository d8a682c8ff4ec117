#include "server/net/tls/alerts.h"
#include "server/net/tls/failure.h"
#include "tests/unit/net/tls_pair.h"

#include <cctype>
#include <string>
#include <string_view>
#include <utility>

#include <doctest/doctest.h>
#include <openssl/bio.h>
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

// A sentence begins with a capital letter and ends with a stop; the hint is one too, and stands apart.
void check_sentences(const net::HandshakeFailure& failure) {
    for (const std::string& text : {failure.sentence, failure.hint}) {
        CAPTURE(text);
        if (text.empty()) continue;
        CHECK((std::isupper(static_cast<unsigned char>(text.front())) != 0 || text.front() == '$'));
        CHECK(text.back() == '.');
        CHECK(text.find("..") == std::string::npos);
    }
    CHECK_FALSE(failure.sentence.empty());
}

Outcome fail(const Client& client) {
    Pair pair(context(), client);
    CHECK_FALSE(pair.handshake());
    CHECK(ERR_peek_error() == 0);
    check_sentences(pair.failure());
    return {pair.failure(), pair.alert_at_client()};
}

std::string client_hello(const Client& client) {
    const Pair pair(context(), client);
    SSL_do_handshake(pair.client());
    std::string hello(4096, '\0');
    const int size = BIO_read(SSL_get_rbio(pair.server()), hello.data(), static_cast<int>(hello.size()));
    REQUIRE(size > 0);
    hello.resize(static_cast<std::size_t>(size));
    return hello;
}

void replace(std::string& bytes, std::string_view what, std::string_view with) {
    const std::size_t at = bytes.find(what);
    REQUIRE(at != std::string::npos);
    bytes.replace(at, what.size(), with);
}

Outcome send_raw(std::string_view bytes) {
    Pair pair(context(), Client());
    pair.raw_to_server(bytes);
    check_sentences(pair.failure());
    return {pair.failure(), -1};
}

}  // namespace

TEST_CASE("[R3] no SNI: unrecognized_name, and it is explained") {
    Client client;
    client.sni = "";
    const auto outcome = fail(client);
    CHECK(outcome.alert == SSL_AD_UNRECOGNIZED_NAME);
    CHECK(outcome.failure.reason == "no_sni");
    CHECK(outcome.failure.code == "R3.no_sni");
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
        CHECK(outcome.failure.code == "R3.several_labels");
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
    CHECK(outcome.failure.code == "R3a.tls_version");
    CHECK(outcome.says("at most TLS 1.1"));
}

TEST_CASE("[R3a] no common cipher names what the client offers") {
    Client client;
    client.max_version = TLS1_2_VERSION;
    client.ciphers = "AES128-SHA";
    const auto outcome = fail(client);
    CHECK(outcome.alert == SSL_AD_HANDSHAKE_FAILURE);
    CHECK(outcome.failure.reason == "no_common_cipher");
    CHECK(outcome.failure.code == "R3a.no_common_cipher");
    CHECK(outcome.says("AES128-SHA"));
}

TEST_CASE("[R3a] no common signature algorithm is told as that, in every version") {
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        CAPTURE(version);
        Client client;
        client.min_version = client.max_version = version;
        client.sigalgs = "ed25519";
        const auto outcome = fail(client);
        CHECK(outcome.failure.reason == "no_common_signature_algorithm");
        CHECK(outcome.says("no signature algorithm in common (the device offers ed25519)."));
        CHECK(outcome.failure.hint.find("ecdsa_secp256r1_sha256") != std::string::npos);
        CHECK(outcome.failure.hint.find("AES-GCM") == std::string::npos);
        CHECK(outcome.failure.code == "R3a.no_common_signature_algorithm");
    }
}

// OpenSSL's own client offers nothing that it cannot use itself, so its ClientHello is changed on the way.
TEST_CASE("[R3a] a signature algorithm that fits none of the offered suites is told as that") {
    Client client;
    client.max_version = TLS1_2_VERSION;
    client.ciphers = "ECDHE-RSA-AES128-GCM-SHA256";
    client.sigalgs = "RSA+SHA256";
    auto hello = client_hello(client);
    replace(hello, {"\x00\x0d\x00\x04\x00\x02\x04\x01", 8}, {"\x00\x0d\x00\x04\x00\x02\x04\x03", 8});
    const auto outcome = send_raw(hello);
    CHECK(outcome.failure.reason == "no_common_signature_algorithm");
    CHECK(outcome.says("(the device offers ecdsa_secp256r1_sha256)."));
}

TEST_CASE("[R3a] no common curve is told as that, in every version") {
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        CAPTURE(version);
        Client client;
        client.min_version = client.max_version = version;
        client.ciphers = "ECDHE-ECDSA-AES128-GCM-SHA256";
        client.groups = "P-521";
        auto hello = client_hello(client);
        replace(hello, {"\x00\x0a\x00\x04\x00\x02\x00\x19", 8}, {"\x00\x0a\x00\x04\x00\x02\x12\x34", 8});
        if (version == TLS1_3_VERSION) replace(hello, {"\x00\x19\x00\x85", 4}, {"\x12\x34\x00\x85", 4});
        const auto outcome = send_raw(hello);
        CHECK(outcome.failure.reason == "no_common_group");
        CHECK(outcome.failure.code == "R3a.no_common_group");
        CHECK(outcome.says("no curve in common (the device offers 0x1234)."));
        CHECK(outcome.failure.hint.find("P-256") != std::string::npos);
    }
}

TEST_CASE("a device that does not trust our CA is told to install ca.crt") {
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        CAPTURE(version);
        Client client;
        client.max_version = version;
        client.trusts_us = false;
        const auto outcome = fail(client);
        CHECK(outcome.failure.reason == "client_rejected_certificate");
        CHECK(outcome.failure.code == "R3a.alert_unknown_ca");
        CHECK(outcome.says("does not trust the CA of this server"));
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
        check_sentences(failure);
    }
    const std::pair<int, std::string_view> codes[] = {
        {SSL_AD_UNKNOWN_CA, "R3a.alert_unknown_ca"},
        {SSL_AD_BAD_CERTIFICATE, "R3a.alert_bad_certificate"},
        {SSL_AD_CERTIFICATE_UNKNOWN, "R3a.alert_certificate_unknown"},
        {SSL_AD_UNSUPPORTED_CERTIFICATE, "R3a.alert_unsupported_certificate"},
        {SSL_AD_CERTIFICATE_EXPIRED, "R3a.alert_certificate_expired"},
        {SSL_AD_CERTIFICATE_REVOKED, "R3a.alert_certificate_revoked"},
        {SSL_AD_DECRYPT_ERROR, "R3a.alert_decrypt_error"},
        {SSL_AD_ACCESS_DENIED, "R3a.alert_access_denied"},
        {SSL_AD_PROTOCOL_VERSION, "R3a.alert_protocol_version"},
        {SSL_AD_HANDSHAKE_FAILURE, "R3a.alert_handshake_failure"},
        {SSL_AD_INSUFFICIENT_SECURITY, "R3a.alert_insufficient_security"},
        {SSL_AD_USER_CANCELLED, "R1.alert_user_canceled"},
        {SSL_AD_NO_APPLICATION_PROTOCOL, "R3a.other_alert"},
    };
    for (const auto& one : codes) {
        CAPTURE(one.first);
        CHECK(net::explain_client_alert(one.first).code == one.second);
    }
    CHECK(net::explain_client_alert(SSL_AD_CERTIFICATE_EXPIRED).hint.find("clock") != std::string::npos);
    CHECK(net::explain_client_alert(SSL_AD_PROTOCOL_VERSION).reason == "tls_version");
    CHECK(net::explain_client_alert(SSL_AD_BAD_CERTIFICATE).hint.find("ca.crt") != std::string::npos);
    CHECK(net::explain_client_alert(SSL_AD_NO_APPLICATION_PROTOCOL).reason == "client_alert");
}

TEST_CASE("[R1] plain MQTT and plain HTTP on the TLS port are recognised") {
    const std::string connect("\x10\x0c\0\x04MQTT\x04\x02\0\x3c\0\0", 14);
    CHECK(send_raw(connect).failure.reason == "plain_mqtt");
    CHECK(send_raw(connect).failure.code == "R1.plain_mqtt");
    CHECK(send_raw("GET / HTTP/1.1\r\nHost: x\r\n\r\n").failure.code == "R1.plain_http");
    CHECK(send_raw("SSH-2.0-OpenSSH_9.2\r\n").failure.code == "R1.not_tls");
    CHECK(send_raw("GET / HTTP/1.1\r\nHost: x\r\n\r\n").failure.reason == "plain_http");
    CHECK(send_raw("POST /provision/activate HTTP/1.1\r\n\r\n").failure.reason == "plain_http");
    CHECK(send_raw("CONNECT x:1 HTTP/1.1\r\n\r\n").failure.reason == "plain_http");
    CHECK(send_raw("SSH-2.0-OpenSSH_9.2\r\n").failure.reason == "not_tls");
    CHECK(send_raw(std::string(64, '\xff')).failure.reason == "not_tls");
}

TEST_CASE("[R58] a client certificate that is too large to be read is told as that") {
    Client client;
    client.sends_certificate = true;
    client.copies = 500;  // 100 KiB are read
    const auto outcome = fail(client);
    CHECK(outcome.failure.reason == "client_certificate");
    CHECK(outcome.failure.code == "R58.key_not_proved");
}

TEST_CASE("a connection that ends before or inside the handshake is told apart") {
    Pair silent(context(), Client());
    silent.close_client_side();
    CHECK(silent.failure().reason == "closed_before_hello");
    CHECK(silent.failure().code == "R1.bare_connection");
    Client client;
    client.max_version = TLS1_2_VERSION;
    Pair half(context(), client);
    SSL_do_handshake(half.client());
    SSL_do_handshake(half.server());
    half.close_client_side();
    CHECK(half.failure().reason == "closed");
    CHECK(half.failure().code == "R1.closed_in_handshake");
    CHECK(half.failure().hint.find("ca.crt") != std::string::npos);
}

TEST_CASE("[R1] a connection that ends inside its first bytes says how many came") {
    Pair cut(context(), Client());
    cut.raw_to_server(std::string_view("\x16\x03\x01", 3));
    cut.close_client_side();
    CHECK(cut.failure().reason == "closed");
    CHECK(cut.failure().code == "R1.closed_in_hello");
    CHECK(cut.failure().sentence.find("after 3 bytes") != std::string::npos);
    check_sentences(cut.failure());
}

TEST_CASE("a handshake that takes too long says how far it came") {
    Pair silent(context(), Client());
    const auto none = net::explain_handshake_timeout(silent.server());
    CHECK(none.code == "R1.no_client_hello");
    CHECK(none.sentence.find("no TLS ClientHello within limits.connect_timeout_ms") != std::string::npos);
    CHECK(none.hint.find("accepting the connection") != std::string::npos);
    check_sentences(none);
    Pair half(context(), Client());
    SSL_do_handshake(half.client());
    SSL_do_handshake(half.server());
    const auto begun = net::explain_handshake_timeout(half.server());
    CHECK(begun.code == "R1.handshake_timeout");
    CHECK(begun.sentence.find("did not finish") != std::string::npos);
    CHECK(begun.sentence.find("limits.connect_timeout_ms") != std::string::npos);
    CHECK(begun.hint.find("accepting the connection") != std::string::npos);
    check_sentences(begun);
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
    bool bad_handshake = false;
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        std::string damaged = bytes;
        damaged[at] = static_cast<char>(damaged[at] ^ 0x5A);
        Pair pair(context(), Client());
        pair.raw_to_server(damaged);
        pair.close_client_side();
        CHECK_FALSE(pair.failure().reason.empty());
        CHECK_FALSE(pair.failure().code.empty());
        bad_handshake = bad_handshake || pair.failure().code == "R1.bad_handshake";
    }
    CHECK(bad_handshake);
}

TEST_CASE("a selector that throws fails the handshake only") {
    const net::TlsContext broken(
        keys().certificates,
        [](std::optional<std::string_view>) -> net::SniVerdict { throw std::runtime_error("no settings"); },
        tls_test::real_now_us);
    Pair pair(broken, Client());
    CHECK_FALSE(pair.handshake());
    CHECK(pair.failure().reason == "internal");
    CHECK(pair.failure().code == "R1.server_failed");
    CHECK(pair.failure().sentence == "The server could not choose a certificate: no settings.");
}
