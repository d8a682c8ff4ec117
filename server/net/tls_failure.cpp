#include "server/net/tls_failure.h"

#include "server/net/tls_alerts.h"
#include "server/net/tls_session.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

namespace net {
namespace {

constexpr int no_alert = -1;
constexpr int most_suites_told = 8;

std::string version_name(int version) {
    switch (version) {
        case SSL3_VERSION:
            return "SSL 3.0";
        case TLS1_VERSION:
            return "TLS 1.0";
        case TLS1_1_VERSION:
            return "TLS 1.1";
        case TLS1_2_VERSION:
            return "TLS 1.2";
        case TLS1_3_VERSION:
            return "TLS 1.3";
        default:
            return "an unknown version";
    }
}

// The first error of OpenSSL's TLS library is the cause; later ones say who passed it on.
int take_first_ssl_reason() {
    int reason = 0;
    while (const unsigned long code = ERR_get_error())
        if (reason == 0 && ERR_GET_LIB(code) == ERR_LIB_SSL) reason = ERR_GET_REASON(code);
    return reason;
}

std::string offered_suites(const SSL* ssl) {
    const STACK_OF(SSL_CIPHER)* suites = SSL_get_client_ciphers(ssl);
    std::string text;
    const int count = suites == nullptr ? 0 : sk_SSL_CIPHER_num(suites);
    for (int i = 0; i < count && i < most_suites_told; ++i)
        text += (i == 0 ? "" : ", ") + std::string(SSL_CIPHER_get_name(sk_SSL_CIPHER_value(suites, i)));
    if (count > most_suites_told) text += ", ...";
    return text;
}

HandshakeFailure refused_name(const HandshakeNotes& notes) {
    if (!notes.sni_sent)
        return {"no_sni", notes.refusal,
                "connect by host name with a TLS library that sends SNI; for tests, tls.require_sni: false takes the "
                "default connector instead"};
    return {"refused_name", notes.refusal, "connect to <connector id>.<domain>, and send that name as SNI"};
}

HandshakeFailure wrong_version(const HandshakeNotes& notes) {
    return {"tls_version",
            "the connector's TLS policy does not allow the version that the device offers (at most " +
                version_name(notes.client_max_version) + ")",
            "update the device's TLS settings, or set the connector's protocol.tls.policy to TLSv1.0 or custom"};
}

HandshakeFailure no_common_cipher(const SSL* ssl) {
    const std::string offered = offered_suites(ssl);
    return {"no_common_cipher",
            "the device and the connector's TLS policy have no cipher suite, signature algorithm or curve in common" +
                (offered.empty() ? "" : " (the device offers " + offered + ")"),
            "enable ECDHE with AES-GCM in the device's TLS library, or set the connector's protocol.tls.policy to "
            "TLSv1.0 or custom"};
}

// An MQTT CONNECT begins with 0x10 and its length.
HandshakeFailure not_tls(const HandshakeNotes& notes, bool http) {
    if (http) return {"plain_http", "the client speaks plain HTTP to the TLS port", "use https:// for this port"};
    if (notes.first_bytes.starts_with('\x10'))
        return {"plain_mqtt", "the client speaks MQTT without TLS to the TLS port",
                "switch TLS on in the client, or use a plain port (--mqtt) of a connector with protocol.devmode"};
    return {"not_tls", "what the client sent is not TLS", "check that the client speaks TLS on this port"};
}

HandshakeFailure closed(const HandshakeNotes& notes) {
    if (!notes.client_hello_seen)
        return {"closed_before_hello", "the connection was closed before a TLS ClientHello arrived", ""};
    return {"closed", "the device closed the connection in the middle of the TLS handshake, without an alert",
            "small TLS libraries do so when they do not trust the server's certificate (install certs/ca.crt), or run "
            "out of memory"};
}

bool is_one_of(int reason, std::initializer_list<int> reasons) {
    for (const int each : reasons)
        if (each == reason) return true;
    return false;
}

HandshakeFailure bad_handshake(int reason) {
    const char* text = ERR_reason_error_string(ERR_PACK(ERR_LIB_SSL, 0, reason));
    return {"bad_handshake", "the TLS handshake failed: " + std::string(text == nullptr ? "no reason given" : text),
            ""};
}

HandshakeFailure by_reason(const SSL* ssl, int reason, const HandshakeNotes& notes) {
    if (is_one_of(reason, {SSL_R_HTTP_REQUEST, SSL_R_HTTPS_PROXY_REQUEST})) return not_tls(notes, true);
    if (!notes.client_hello_seen &&
        is_one_of(reason, {SSL_R_WRONG_VERSION_NUMBER, SSL_R_UNEXPECTED_MESSAGE, SSL_R_PACKET_LENGTH_TOO_LONG,
                           SSL_R_BAD_RECORD_TYPE, SSL_R_RECORD_LENGTH_MISMATCH, SSL_R_LENGTH_TOO_SHORT}))
        return not_tls(notes, false);
    if (is_one_of(reason, {SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_VERSION_TOO_LOW, SSL_R_INAPPROPRIATE_FALLBACK,
                           SSL_R_WRONG_SSL_VERSION, SSL_R_UNKNOWN_PROTOCOL}))
        return wrong_version(notes);
    if (is_one_of(reason, {SSL_R_NO_SHARED_CIPHER, SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM, SSL_R_NO_SUITABLE_KEY_SHARE,
                           SSL_R_NO_SUITABLE_GROUPS, SSL_R_NO_SHARED_SIGNATURE_ALGORITHMS, SSL_R_NO_CERTIFICATE_SET}))
        return no_common_cipher(ssl);
    if (is_one_of(reason,
                  {SSL_R_BAD_SIGNATURE, SSL_R_WRONG_SIGNATURE_TYPE, SSL_R_WRONG_SIGNATURE_SIZE,
                   SSL_R_EXCESSIVE_MESSAGE_SIZE, SSL_R_NO_CLIENT_CERT_METHOD, SSL_R_SIGNATURE_ALGORITHMS_ERROR}))
        return {"client_certificate",
                "the device could not prove that it has the key of its client certificate, or the certificate is too "
                "large",
                "check that cert.pem and key.pem on the device belong together"};
    if (reason == SSL_R_UNEXPECTED_EOF_WHILE_READING) return closed(notes);
    return bad_handshake(reason);
}

}  // namespace

HandshakeFailure explain_handshake_failure(const SSL* ssl, int ssl_error) {
    const HandshakeNotes& notes = *handshake_notes(ssl);
    const int reason = take_first_ssl_reason();
    if (!notes.refusal.empty()) return refused_name(notes);
    if (!notes.callback_failure.empty()) return {"internal", notes.callback_failure, ""};
    if (notes.alert_received != no_alert && notes.alert_received != SSL_AD_CLOSE_NOTIFY)
        return explain_client_alert(notes.alert_received);
    if (ssl_error == SSL_ERROR_ZERO_RETURN || reason == 0) return closed(notes);
    return by_reason(ssl, reason, notes);
}

HandshakeFailure explain_handshake_timeout(const SSL* ssl) {
    const bool begun = handshake_notes(ssl)->client_hello_seen;
    return {"timeout",
            begun ? "the device did not finish the TLS handshake in time"
                  : "the client connected but sent no TLS ClientHello in time",
            ""};
}

std::string_view rule_of_handshake_failure(std::string_view slug) {
    if (slug == "no_sni" || slug == "refused_name") return "R3";
    if (slug == "client_certificate") return "R58";
    const bool parameters = slug == "tls_version" || slug == "no_common_cipher" || slug == "client_alert" ||
                            slug == "client_rejected_certificate";
    return parameters ? "R3a" : "R1";
}

}  // namespace net
