#include "server/net/tls/alerts.h"

#include <array>

#include <openssl/ssl.h>

namespace net {
namespace {

struct AlertMeaning {
    int alert;
    std::string_view slug;
    std::string_view code;
    const char* sentence;
    const char* hint;
};

constexpr const char* install_ca =
    "Install certs/ca.crt of the data folder (GET /_emulator/v1/ca.crt) on the device as trusted root, or run the "
    "server with --ca-cert and --ca-key of an authority that the device knows.";
constexpr const char* check_name =
    "Let the device check the certificate for the same host name that it sends as SNI, and check its clock.";
constexpr const char* check_versions = "Set the connector's protocol.tls.policy to TLSv1.0 or custom.";

constexpr std::array<AlertMeaning, 12> meanings{{
    {SSL_AD_UNKNOWN_CA, "client_rejected_certificate", "R3a.alert_unknown_ca",
     "The device does not trust the CA of this server (alert unknown_ca).", install_ca},
    {SSL_AD_BAD_CERTIFICATE, "client_rejected_certificate", "R3a.alert_bad_certificate",
     "The device refused the server's certificate (alert bad_certificate): CA, host name or signature.", install_ca},
    {SSL_AD_CERTIFICATE_UNKNOWN, "client_rejected_certificate", "R3a.alert_certificate_unknown",
     "The device refused the server's certificate (alert certificate_unknown).", install_ca},
    {SSL_AD_UNSUPPORTED_CERTIFICATE, "client_rejected_certificate", "R3a.alert_unsupported_certificate",
     "The device cannot use this kind of certificate (alert unsupported_certificate).",
     "The server has an ECDSA P-256 and an RSA-2048 certificate; offer the one in the ClientHello that the device can "
     "check."},
    {SSL_AD_CERTIFICATE_EXPIRED, "client_rejected_certificate", "R3a.alert_certificate_expired",
     "For the device the server's certificate is expired or not yet valid (alert certificate_expired).",
     "Set the device's clock before it connects."},
    {SSL_AD_CERTIFICATE_REVOKED, "client_rejected_certificate", "R3a.alert_certificate_revoked",
     "The device considers the server's certificate revoked (alert certificate_revoked).", install_ca},
    {SSL_AD_DECRYPT_ERROR, "client_rejected_certificate", "R3a.alert_decrypt_error",
     "The device could not verify a signature of the handshake (alert decrypt_error).",
     "An older ca.crt of the same name on the device is the usual cause: install the current one."},
    {SSL_AD_ACCESS_DENIED, "client_rejected_certificate", "R3a.alert_access_denied",
     "The device refused to continue (alert access_denied).", check_name},
    {SSL_AD_PROTOCOL_VERSION, "tls_version", "R3a.alert_protocol_version",
     "The device does not accept the chosen TLS version (alert protocol_version).", check_versions},
    {SSL_AD_HANDSHAKE_FAILURE, "no_common_cipher", "R3a.alert_handshake_failure",
     "The device did not accept the parameters (alert handshake_failure).", check_versions},
    {SSL_AD_INSUFFICIENT_SECURITY, "no_common_cipher", "R3a.alert_insufficient_security",
     "The device wants stronger parameters (alert insufficient_security).", check_versions},
    {SSL_AD_USER_CANCELLED, "closed", "R1.alert_user_canceled",
     "The device gave up during the TLS handshake (alert user_canceled).",
     "Check its timeout: a slow device may need more time for the handshake."},
}};

}  // namespace

HandshakeFailure explain_client_alert(int alert) {
    for (const AlertMeaning& known : meanings)
        if (known.alert == alert) return {known.slug, known.code, known.sentence, known.hint};
    const std::string name = SSL_alert_desc_string_long(alert);
    return {"client_alert", "R3a.other_alert",
            "The device ended the TLS handshake with the alert " + std::to_string(alert) + " (" + name + ").", ""};
}

}  // namespace net
