#include "server/net/early_end.h"

#include "tests/unit/net/tls_pair.h"

#include <doctest/doctest.h>
#include <openssl/ssl.h>

using device::CloseReason;
using net::explain_missing_connect;
using tls_test::Client;
using tls_test::keys;
using tls_test::Pair;

namespace {

bool has(const std::string& text, const char* words) {
    INFO(text);
    return text.find(words) != std::string::npos;
}

const net::TlsContext& context() {
    static const net::TlsContext made(keys().certificates, tls_test::selector(), tls_test::real_now_us);
    return made;
}

// The server reads what the client sent behind the handshake.
void read_on(const Pair& pair) {
    char byte = 0;
    SSL_read(pair.server(), &byte, 1);
}

}  // namespace

TEST_CASE("[MQTT-3.1.0-1] a connection without TLS says what came instead of CONNECT") {
    const auto silent = explain_missing_connect(nullptr, CloseReason::connect_timeout, 0);
    CHECK(silent.sentence == "No CONNECT came within limits.connect_timeout_ms: the device sent nothing.");
    CHECK(silent.code == "MQTT-3.1.0-1.connect_timeout");
    CHECK(has(silent.hint, "counts from accepting the connection"));
    const auto cut = explain_missing_connect(nullptr, CloseReason::device_closed, 7);
    CHECK(cut.sentence ==
          "No CONNECT came: the device sent 7 bytes of an unfinished packet and closed the connection.");
    CHECK(has(explain_missing_connect(nullptr, CloseReason::network_error, 1).sentence, "1 byte of"));
    CHECK(cut.code == "MQTT-3.1.0-1.closed_without_connect");
}

TEST_CASE("[MQTT-3.1.0-1] the end of TLS without CONNECT tells close_notify, a dropped line and an alert apart") {
    Pair dropped(context(), Client());
    REQUIRE(dropped.handshake());
    CHECK(has(explain_missing_connect(dropped.server(), CloseReason::device_closed, 0).sentence,
              "after the TLS handshake: the device sent nothing and closed the connection without close_notify."));
    CHECK(has(explain_missing_connect(dropped.server(), CloseReason::network_error, 0).sentence, "connection broke."));

    Pair orderly(context(), Client());
    REQUIRE(orderly.handshake());
    SSL_shutdown(orderly.client());
    read_on(orderly);
    const auto notified = explain_missing_connect(orderly.server(), CloseReason::device_closed, 0);
    CHECK(has(notified.sentence, "with close_notify."));
    CHECK(has(notified.hint, "ca.crt"));

    Pair refusing(context(), Client());
    REQUIRE(refusing.handshake());
    net::handshake_notes(refusing.server())->alert_received = SSL_AD_UNKNOWN_CA;
    const auto alert = explain_missing_connect(refusing.server(), CloseReason::network_error, 0);
    CHECK(alert.code == "MQTT-3.1.0-1.alert_for_connect");
    CHECK(has(alert.sentence, "does not trust the CA of this server"));
    CHECK(has(alert.hint, "ca.crt"));
}

TEST_CASE("[R1] bare connections are told by address and count") {
    CHECK(net::explain_bare_connects("10.0.0.1", 1).sentence ==
          "A connection from 10.0.0.1 ended before a single byte came.");
    CHECK(net::explain_bare_connects("10.0.0.1", 1).code == "R1.bare_connection");
    CHECK(has(net::explain_bare_connects("10.0.0.1", 120).sentence, "120 more connections from 10.0.0.1"));
}
