#pragma once
// What a connection asks its caller to do. Views live until the next call of the connection's next(), and no longer
// than the input that they were read from.

#include "protocol/packet_splitter.h"
#include "protocol/packets.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

namespace protocol {

// NeedMore (packet_splitter.h): nothing to do until more bytes come, or until a ConnectRequest is answered.

// Answer with accepted() or refused(); the CONNACK is the caller's to send, and to be the first packet [MQTT-3.2.0-1].
struct ConnectRequest {
    Connect connect;
};
// QoS 2 comes as it was sent; Murano processes it as QoS 0 [R26].
struct PublishRequest {
    Publish publish;
};
struct SubscribeRequest {
    Subscribe subscribe;
};
struct UnsubscribeRequest {
    Unsubscribe unsubscribe;
};
// Answer with PINGRESP [MQTT-3.12.4-1].
struct PingRequest {};
// Drop the Will, close [MQTT-3.14.4-3].
struct DisconnectRequest {};
// Nothing to do but to journal it [R29].
struct IgnoredPuback {
    std::uint16_t packet_id = 0;
};
// Send CONNACK with `connack` if there is one, then close as if the network had failed: the Will fires [MQTT-4.8.0-1].
// code, message and hint have static storage.
struct Violation {
    std::string_view code;  // as DecodeError's
    std::string_view message;
    std::string_view hint;  // may be empty
    PacketType type = PacketType::reserved_0;
    std::optional<std::uint16_t> packet_id;
    std::string_view topic;  // empty: none, or not readable
    std::optional<ConnackCode> connack;
};

using Action = std::variant<NeedMore, ConnectRequest, PublishRequest, SubscribeRequest, UnsubscribeRequest, PingRequest,
                            DisconnectRequest, IgnoredPuback, Violation>;

}  // namespace protocol
