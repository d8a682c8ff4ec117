#pragma once
// What a run sees of its device, one value at a time, in the order of events. Views are valid until the call that
// receives them returns: a check copies what it keeps.

#include "protocol/packets.h"
#include "server/verdict/moment.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <variant>

namespace journal {
struct Recorded;
}

namespace verdict {

struct Accepted {
    std::string_view local_address = {};  // the server's address that the device connected to
};
struct ClientHello {
    std::optional<std::string_view> server_name = std::nullopt;
    std::uint16_t best_version = 0;              // the highest offered, as on the wire: 0x0303 is TLS 1.2
    std::span<const std::uint16_t> suites = {};  // offered, as on the wire
    bool suite_of_policy = true;                 // at least one is in the connector's policy
};
struct HandshakeDone {
    std::uint16_t version = 0;
    std::string_view client_certificate_cn = {};  // empty: none was sent
};
struct HandshakeFailed {
    std::string_view why = {};  // one sentence
};
struct ConnectCame {
    protocol::Connect packet = {};
    bool with_credential = false;  // Username and Password, or a token as Password
};
struct ConnackLeft {
    std::uint8_t code = 0;
    bool session_present = false;
    bool anonymous = false;
};
struct PublishCame {
    protocol::Publish packet = {};
    bool holds_credential = false;  // its topic or payload contains the device's own credential
};
struct SubscribeCame {
    protocol::Subscribe packet = {};
};
struct UnsubscribeCame {
    protocol::Unsubscribe packet = {};
};
// PUBACK, PUBREC, PUBREL, PUBCOMP, PINGREQ, DISCONNECT.
struct PacketCame {
    protocol::PacketType type = protocol::PacketType::reserved_0;
    std::uint16_t packet_id = 0;
};
struct PublishLeft {
    std::string_view topic = {};
    std::string_view payload = {};
};
// PUBACK, SUBACK, UNSUBACK, PINGRESP.
struct PacketLeft {
    protocol::PacketType type = protocol::PacketType::reserved_0;
    std::uint16_t packet_id = 0;
};
// A request to a device port, and its answer.
struct HttpAsked {
    std::string_view method = {};
    std::string_view item = {};  // named by a content link; empty: another path
    int status = 0;
    std::uint64_t range_from = 0;  // 0: from the beginning
    std::uint64_t body_bytes = 0;  // bytes sent
    bool whole = false;            // the whole body was sent
    Moment took{0};                // from the request's head to the end of the answer, when this is observed
};
// The device reported a value that was accepted. Times of the emulator's clock, µs since 1970.
struct Reported {
    std::string_view alias = {};
    std::string_view text = {};
    std::optional<std::int64_t> timestamp_us = std::nullopt;  // of an entry in a batch
    std::int64_t now_us = 0;
};
struct Found {
    std::string_view rule = {};  // "R40"
    std::string_view code = {};  // "R40.nested"; empty: the finding has no code
    bool info = false;           // severity info: nothing to fix
    std::string_view message = {};
    std::string_view hint = {};
};
// A fault of this run took effect.
struct FaultHit {
    std::string_view fault = {};
    std::string_view kind = {};  // "withhold"
};
enum class Closer : std::uint8_t { device, network, server, fault };
struct Closed {
    Closer by = Closer::network;
    bool said_disconnect = false;
};
struct HookAnswered {
    std::string_view name = {};
    std::string_view error = {};  // empty: done
};

// The number of other devices connected to the connector: reported at the beginning of the run and at each change.
// Checks that act before CONNECT require 0. [verdict.md 1]
struct Neighbours {
    std::uint64_t count = 0;
};
// An order could not be carried out.
struct OrderFailed {
    std::string_view why = {};  // one sentence
};
// The journal recorded this event of the connector. Passed only while Run::wants_journal(), for steps of suite files.
struct Journalled {
    const journal::Recorded* event = nullptr;
};

using Seen = std::variant<Accepted, ClientHello, HandshakeDone, HandshakeFailed, ConnectCame, ConnackLeft, PublishCame,
                          SubscribeCame, UnsubscribeCame, PacketCame, PublishLeft, PacketLeft, HttpAsked, Reported,
                          Found, FaultHit, Closed, HookAnswered, Neighbours, OrderFailed, Journalled>;

struct Observation {
    Moment at{0};
    std::uint64_t connection = 0;  // 0: of no connection
    std::uint64_t cursor = 0;      // of the journal event that tells the same; 0: none
    // Of this connection's bytes to the device: where a packet came, those that had gone to the socket before it; where
    // one left, those up to its end. A device cannot have read the answer before the first reaches the second.
    std::uint64_t sent_bytes = 0;
    Seen seen = {};
};

// `$resource/<alias>`, `$resource/`, `$resource.batch`.
constexpr bool is_report_topic(std::string_view topic) {
    return topic.starts_with("$resource");
}

}  // namespace verdict
