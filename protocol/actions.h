#pragma once
// What a connection asks its caller to do. Views are valid until the next call of next(), and at most as long as the
// input that they were read from.

#include "protocol/packet_splitter.h"
#include "protocol/packets.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

namespace protocol {

// NeedMore (packet_splitter.h): wait for more bytes, or answer the ConnectRequest.

// Answer with accepted() or refused(); the caller sends the CONNACK, as the first packet [MQTT-3.2.0-1].
struct ConnectRequest {
    Connect connect;
};
// QoS 2 arrives as sent; Murano processes it as QoS 0 [R26].
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
// Drop the Will, then close [MQTT-3.14.4-3].
struct DisconnectRequest {};
// Only journal it [R29].
struct IgnoredPuback {
    std::uint16_t packet_id = 0;
};
// Send CONNACK with `connack` if set, then close as after a network failure: the Will is published [MQTT-4.8.0-1].
// code, message and hint have static storage.
struct Violation {
    std::string_view code;  // as in DecodeError
    std::string_view message;
    std::string_view hint;  // may be empty
    PacketType type = PacketType::reserved_0;
    std::optional<std::uint16_t> packet_id;
    std::string_view topic;  // empty: none, or unreadable
    std::optional<ConnackCode> connack;
};

using Action = std::variant<NeedMore, ConnectRequest, PublishRequest, SubscribeRequest, UnsubscribeRequest, PingRequest,
                            DisconnectRequest, IgnoredPuback, Violation>;

}  // namespace protocol
