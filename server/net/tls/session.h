#pragma once
// One TLS connection: its owner, and what is known of it. One thread at a time.

#include "certs/client_certificate.h"
#include "server/net/tls/hello_faults.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <openssl/types.h>

namespace net {

// Frees without touching the socket. Marks the connection as shut down first: most devices just drop the line, and
// OpenSSL would forget a cached session that was not shut down.
struct SslFree {
    void operator()(SSL* ssl) const noexcept;
};
using SslPtr = std::unique_ptr<SSL, SslFree>;

// The server name was refused; reason and hint are plain sentences.
struct SniRefuse {
    std::string_view code;  // of the finding, static text
    std::string reason;
    std::string hint;
};

// Notes of the handshake callbacks; kept with the SSL object.
struct HandshakeNotes {
    bool client_hello_seen = false;
    bool handed_over = false;  // the ClientHello was judged on the loop thread; the rest may run on another
    bool sni_sent = false;
    std::string sni;                           // normal form; empty: none
    std::string connector;                     // empty: refused, or not yet known
    std::unique_ptr<const SniRefuse> refusal;  // null: the name was accepted, or not seen yet
    int client_max_version = 0;
    int alert_received = -1;        // TLS alert number
    std::string first_bytes;        // of the first record, at most 5
    std::string callback_failure;   // our own failure: certificate or policy could not be used
    HelloFaults* faults = nullptr;  // of the connection, which outlives the handshake; nullptr: none
    Stall stall = Stall::none;      // where a fault stalls the handshake
    bool aborted = false;           // a fault ended it
};

// Attached to every SSL that a TlsContext made; never null for those.
HandshakeNotes* handshake_notes(const SSL* ssl);

// Attaches empty notes, owned by the SSL. False if memory runs out.
bool attach_handshake_notes(SSL* ssl);

std::string_view tls_connector(const SSL* ssl);  // valid as long as the SSL
std::string_view tls_sni(const SSL* ssl);        // normal form; empty: none was sent
std::string_view tls_version(const SSL* ssl);    // "TLSv1.3"
std::string_view tls_cipher(const SSL* ssl);     // OpenSSL's name; empty before the handshake is done
bool tls_resumed(const SSL* ssl);

// The client's certificate and the chain it sent, from resumed sessions too. The client proved that it has the key;
// nothing else was checked.
std::optional<certs::ClientCertificate> tls_client_certificate(SSL* ssl);  // [R58]

}  // namespace net
