#include "server/net/early_end.h"

#include "server/net/bare_connects.h"
#include "server/net/tls/alerts.h"
#include "server/net/tls/session.h"

#include <openssl/ssl.h>

namespace net {
namespace {

using device::CloseReason;

constexpr const char* slug = "no_connect";
constexpr const char* connect_at_once = "Send CONNECT as soon as the connection is open.";
constexpr const char* checks_come_late =
    "Check the device's log: many TLS libraries check the server's certificate and host name only now (install "
    "certs/ca.crt on the device, let it check the name that it sends as SNI). Otherwise send CONNECT at once.";

std::string what_came(std::uint64_t bytes) {
    if (bytes == 0) return "nothing";
    return std::to_string(bytes) + (bytes == 1 ? " byte" : " bytes") + " of an unfinished packet";
}

std::string how_it_ended(const SSL* ssl, CloseReason reason) {
    if (reason == CloseReason::network_error) return "and the connection broke";
    if (ssl == nullptr) return "and closed the connection";
    const bool in_order = handshake_notes(ssl)->alert_received == SSL_AD_CLOSE_NOTIFY;
    return in_order ? "and closed the connection with close_notify" : "and closed the connection without close_notify";
}

bool ended_by_alert(const SSL* ssl) {
    return ssl != nullptr && handshake_notes(ssl)->alert_received > SSL_AD_CLOSE_NOTIFY;
}

}  // namespace

HandshakeFailure explain_missing_connect(const SSL* ssl, CloseReason reason, std::uint64_t bytes) {
    const std::string missing = ssl == nullptr ? "No CONNECT came" : "No CONNECT came after the TLS handshake";
    if (reason == CloseReason::connect_timeout) {
        return {slug, "MQTT-3.1.0-1.connect_timeout",
                missing + " within limits.connect_timeout_ms: the device sent " + what_came(bytes) + ".",
                std::string(connect_at_once) + " " + counts_from_accept};
    }
    if (ended_by_alert(ssl)) {
        auto alert = explain_client_alert(handshake_notes(ssl)->alert_received);
        return {slug, "MQTT-3.1.0-1.alert_for_connect", missing + ", but an alert. " + alert.sentence,
                std::move(alert.hint)};
    }
    return {slug, "MQTT-3.1.0-1.closed_without_connect",
            missing + ": the device sent " + what_came(bytes) + " " + how_it_ended(ssl, reason) + ".",
            ssl != nullptr && bytes == 0 ? checks_come_late : connect_at_once};
}

HandshakeFailure explain_bare_connects(const std::string& address, std::size_t count) {
    const std::string minutes = std::to_string(BareConnects::window.count());
    std::string sentence =
        count == 1 ? "A connection from " + address + " ended before a single byte came."
                   : std::to_string(count) + " more connections from " + address + " ended before a single byte came.";
    return {"closed_before_hello", "R1.bare_connection", std::move(sentence),
            "Checks whether the port is open do this and can be ignored. A device begins with its TLS "
            "ClientHello. Further ones from this address are counted for " +
                minutes + " minutes."};
}

}  // namespace net
