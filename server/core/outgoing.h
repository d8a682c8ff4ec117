#pragma once
// Packets from server to client, as values: kind, packet id, topic and payload, and which packet each answers. The gate
// that holds a packet back is named where it is sent (peer.h). Views are valid during the call.

#include "protocol/packets.h"

#include <cstdint>
#include <span>
#include <string_view>
#include <variant>

namespace device {

namespace outgoing {

struct Connack {
    bool session_present = false;
    protocol::ConnackCode code = protocol::ConnackCode::accepted;
};
struct Puback {
    std::uint16_t packet_id = 0;
    std::string_view topic;  // of the PUBLISH it answers
};
struct Suback {
    std::uint16_t packet_id = 0;
    std::span<const std::uint8_t> codes;  // one per filter, in the same order [MQTT-3.8.4-5]
    std::span<const protocol::Subscription> filters;
};
struct Unsuback {
    std::uint16_t packet_id = 0;
    std::span<const std::string_view> filters;
};
struct Pingresp {};
// QoS 0, DUP 0, RETAIN 0. [R23]
struct Publish {
    std::string_view topic;
    std::string_view payload;
};

}  // namespace outgoing

using Outgoing = std::variant<outgoing::Connack, outgoing::Puback, outgoing::Suback, outgoing::Unsuback,
                              outgoing::Pingresp, outgoing::Publish>;

}  // namespace device
