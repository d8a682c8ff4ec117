#include "server/net/tls/failure.h"

#include "server/net/tls/alerts.h"
#include "server/net/tls/client_offer.h"
#include "server/net/tls/session.h"

#include <cstdint>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

namespace net {
namespace {

constexpr int no_alert = -1;

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

HandshakeFailure refused_name(const HandshakeNotes& notes) {
    return {notes.sni_sent ? "refused_name" : "no_sni", notes.refusal->code, notes.refusal->reason,
            notes.refusal->hint};
}

HandshakeFailure wrong_version(const HandshakeNotes& notes) {
    return {"tls_version", "R3a.tls_version",
            "The connector's TLS policy does not allow the version that the device offers (at most " +
                version_name(notes.client_max_version) + ").",
            "Update the device's TLS settings, or set the connector's protocol.tls.policy to TLSv1.0 or custom."};
}

std::string nothing_shared(const std::string& what, const std::string& offered) {
    return "The device and the server have no " + what + " in common" +
           (offered.empty() ? "." : " (the device offers " + offered + ").");
}

HandshakeFailure nothing_shared(SSL* ssl, NotShared what) {
    switch (what) {
        case NotShared::signature_algorithm:
            return {"no_common_signature_algorithm", "R3a.no_common_signature_algorithm",
                    nothing_shared("signature algorithm", offered_signature_algorithms(ssl)),
                    "Enable one that the server's certificates can serve: ecdsa_secp256r1_sha256 or "
                    "rsa_pss_rsae_sha256, up to TLS 1.2 also rsa_pkcs1_sha256."};
        case NotShared::group:
            return {"no_common_group", "R3a.no_common_group", nothing_shared("curve", offered_groups(ssl)),
                    "Enable secp256r1 (P-256) or x25519 in the device's TLS library."};
        case NotShared::suite:
            break;
    }
    return {"no_common_cipher", "R3a.no_common_cipher",
            nothing_shared("cipher suite that the connector's TLS policy allows", offered_suites(ssl)),
            "Enable ECDHE with AES-GCM in the device's TLS library, or set the connector's protocol.tls.policy to "
            "TLSv1.0 or custom."};
}

// An MQTT CONNECT begins with 0x10 and its length.
HandshakeFailure not_tls(const HandshakeNotes& notes, bool http) {
    if (http)
        return {"plain_http", "R1.plain_http", "The client speaks plain HTTP to the TLS port.",
                "Use https:// for this port."};
    if (notes.first_bytes.starts_with('\x10'))
        return {"plain_mqtt", "R1.plain_mqtt", "The client speaks MQTT without TLS to the TLS port.",
                "Switch TLS on in the client, or use a plain port (--mqtt) of a connector with protocol.devmode."};
    return {"not_tls", "R1.not_tls", "What the client sent is not TLS.",
            "Check that the client speaks TLS on this port."};
}

std::string count_of_bytes(std::uint64_t count) {
    return std::to_string(count) + (count == 1 ? " byte" : " bytes");
}

HandshakeFailure closed(const SSL* ssl, const HandshakeNotes& notes) {
    if (notes.client_hello_seen)
        return {"closed", "R1.closed_in_handshake",
                "The device closed the connection in the middle of the TLS handshake, without an alert.",
                "Small TLS libraries do so when they do not trust the server's certificate (install certs/ca.crt), or "
                "run out of memory."};
    const auto came = BIO_number_read(SSL_get_rbio(ssl));
    if (came > 0)
        return {"closed", "R1.closed_in_hello",
                "The client closed the connection after " + count_of_bytes(came) +
                    ", before its TLS ClientHello was complete.",
                "Check that the client speaks TLS on this port and does not run out of memory."};
    return {"closed_before_hello", "R1.bare_connection", "The connection was closed before a single byte arrived.", ""};
}

bool is_one_of(int reason, std::initializer_list<int> reasons) {
    for (const int each : reasons)
        if (each == reason) return true;
    return false;
}

HandshakeFailure bad_handshake(int reason) {
    const char* text = ERR_reason_error_string(ERR_PACK(ERR_LIB_SSL, 0, reason));
    return {"bad_handshake", "R1.bad_handshake",
            "The TLS handshake failed: " + std::string(text == nullptr ? "no reason given" : text) + ".", ""};
}

HandshakeFailure by_reason(SSL* ssl, int reason, const HandshakeNotes& notes) {
    if (is_one_of(reason, {SSL_R_HTTP_REQUEST, SSL_R_HTTPS_PROXY_REQUEST})) return not_tls(notes, true);
    if (!notes.client_hello_seen &&
        is_one_of(reason, {SSL_R_WRONG_VERSION_NUMBER, SSL_R_UNEXPECTED_MESSAGE, SSL_R_PACKET_LENGTH_TOO_LONG,
                           SSL_R_BAD_RECORD_TYPE, SSL_R_RECORD_LENGTH_MISMATCH, SSL_R_LENGTH_TOO_SHORT}))
        return not_tls(notes, false);
    if (is_one_of(reason, {SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_VERSION_TOO_LOW, SSL_R_INAPPROPRIATE_FALLBACK,
                           SSL_R_WRONG_SSL_VERSION, SSL_R_UNKNOWN_PROTOCOL}))
        return wrong_version(notes);
    if (is_one_of(reason, {SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM, SSL_R_NO_SHARED_SIGNATURE_ALGORITHMS}))
        return nothing_shared(ssl, NotShared::signature_algorithm);
    if (is_one_of(reason, {SSL_R_NO_SUITABLE_KEY_SHARE, SSL_R_NO_SUITABLE_GROUPS}))
        return nothing_shared(ssl, NotShared::group);
    if (is_one_of(reason, {SSL_R_NO_SHARED_CIPHER, SSL_R_NO_CERTIFICATE_SET}))
        return nothing_shared(ssl, what_rules_out_the_suites(ssl));
    if (is_one_of(reason,
                  {SSL_R_BAD_SIGNATURE, SSL_R_WRONG_SIGNATURE_TYPE, SSL_R_WRONG_SIGNATURE_SIZE,
                   SSL_R_EXCESSIVE_MESSAGE_SIZE, SSL_R_NO_CLIENT_CERT_METHOD, SSL_R_SIGNATURE_ALGORITHMS_ERROR}))
        return {"client_certificate", "R58.key_not_proved",
                "The device could not prove that it has the key of its client certificate, or the certificate is too "
                "large.",
                "Check that cert.pem and key.pem on the device belong together."};
    if (reason == SSL_R_UNEXPECTED_EOF_WHILE_READING) return closed(ssl, notes);
    return bad_handshake(reason);
}

}  // namespace

HandshakeFailure explain_handshake_failure(SSL* ssl, int ssl_error) {
    const HandshakeNotes& notes = *handshake_notes(ssl);
    const int reason = take_first_ssl_reason();
    if (notes.refusal) return refused_name(notes);
    if (!notes.callback_failure.empty()) return {"internal", "R1.server_failed", notes.callback_failure, ""};
    if (notes.alert_received != no_alert && notes.alert_received != SSL_AD_CLOSE_NOTIFY)
        return explain_client_alert(notes.alert_received);
    if (ssl_error == SSL_ERROR_ZERO_RETURN || reason == 0) return closed(ssl, notes);
    return by_reason(ssl, reason, notes);
}

HandshakeFailure explain_handshake_timeout(const SSL* ssl) {
    const bool begun = handshake_notes(ssl)->client_hello_seen;
    return {"timeout", begun ? "R1.handshake_timeout" : "R1.no_client_hello",
            begun ? "The device did not finish the TLS handshake within limits.connect_timeout_ms."
                  : "The client connected but sent no TLS ClientHello within limits.connect_timeout_ms.",
            counts_from_accept};
}

}  // namespace net
