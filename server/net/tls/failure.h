#pragma once
// Why a TLS handshake failed, in words for a firmware developer, whose client sees an alert at best.

#include <string>
#include <string_view>

#include <openssl/types.h>

namespace net {

struct HandshakeFailure {
    std::string_view reason;  // slug for metrics, one of a fixed set; static storage
    // Of the finding; its rule is R1 (TLS at all), R3 (server name), R3a (versions, suites, server certificates), R58
    // (client certificate) or MQTT-3.1.0-1 (no CONNECT). Static storage.
    std::string_view code;
    std::string sentence;  // what happened; printable, with its full stop
    std::string hint;      // what to do, in the same form; may be empty
};

// Call right after the failing SSL_accept, SSL_do_handshake or SSL_read on the same thread, with the result of
// SSL_get_error. Empties the thread's error queue. Works for sessions of a TlsContext.
//
// Slugs: no_sni, refused_name, plain_http, plain_mqtt, not_tls, tls_version, no_common_cipher,
// no_common_signature_algorithm, no_common_group, client_alert, client_rejected_certificate, client_certificate,
// bad_handshake, closed, closed_before_hello (not one byte came), timeout, internal.
HandshakeFailure explain_handshake_failure(SSL* ssl, int ssl_error);

// A hint for every deadline of a connection without CONNECT.
inline constexpr const char* counts_from_accept =
    "The time of limits.connect_timeout_ms counts from accepting the connection, TLS handshake included.";

// The caller gave up waiting.
HandshakeFailure explain_handshake_timeout(const SSL* ssl);

}  // namespace net
