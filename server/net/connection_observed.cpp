// What a run that judges devices sees of a connection beneath MQTT. [verdict.md 2]

#include "server/net/connection.h"

#include <string>
#include <vector>

#include <openssl/ssl.h>

namespace net {
namespace {

// As on the wire, GREASE and signalling values too.
std::vector<std::uint16_t> offered_suite_codes(SSL* ssl) {
    const unsigned char* bytes = nullptr;
    if (SSL_get0_raw_cipherlist(ssl, nullptr) != 2) return {};  // bytes of each suite
    const auto size = static_cast<std::size_t>(SSL_get0_raw_cipherlist(ssl, &bytes));
    std::vector<std::uint16_t> codes;
    for (std::size_t at = 0; at + 1 < size; at += 2)
        codes.push_back(static_cast<std::uint16_t>(bytes[at] << 8U | bytes[at + 1]));
    return codes;
}

verdict::Closer closer_of(device::CloseReason reason) {
    const auto by = device::describe(reason).closed_by;
    if (by == "device") return verdict::Closer::device;
    if (by == "network") return verdict::Closer::network;
    return by == "fault" ? verdict::Closer::fault : verdict::Closer::server;
}

}  // namespace

void Connection::observe(const verdict::Seen& seen) const {
    const SSL* ssl = transport_->tls();
    const auto connector = ssl == nullptr ? std::string_view(facts_.connector) : tls_connector(ssl);
    services_.observer->saw(
        {.connection = facts_.connection_id, .connector = connector, .ip = facts_.ip, .seen = seen});
}

// Told once, when it is known what came of it.
void Connection::observe_hello(bool suite_of_policy) {
    SSL* ssl = transport_->tls();
    if (ssl == nullptr || away_ || told_hello_) return;
    const auto& notes = *handshake_notes(ssl);
    if (!notes.client_hello_seen) return;
    told_hello_ = true;
    const auto suites = offered_suite_codes(ssl);
    verdict::ClientHello hello;
    if (notes.sni_sent) hello.server_name = notes.sni;
    hello.best_version = static_cast<std::uint16_t>(notes.client_max_version);
    hello.suites = suites;
    hello.suite_of_policy = suite_of_policy;
    observe(hello);
}

void Connection::observe_handshake() {
    observe_hello(true);
    const auto name = facts_.certificate ? std::string_view(facts_.certificate->common_name) : std::string_view();
    observe(verdict::HandshakeDone{static_cast<std::uint16_t>(SSL_version(transport_->tls())), name});
}

void Connection::observe_failure(const HandshakeFailure& failure) {
    observe_hello(failure.reason != "no_common_cipher");
    if (failure.reason != "closed_before_hello") observe(verdict::HandshakeFailed{failure.sentence});
}

void Connection::observe_end(device::CloseReason reason) {
    observe_hello(true);
    observe(verdict::Closed{closer_of(reason), reason == device::CloseReason::device_disconnect});
}

}  // namespace net
