#pragma once
// The server's packets, decoded by the target's own reader.

#include "protocol/packets.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fuzz::session {

struct Received {
    protocol::PacketType type = protocol::PacketType::reserved_0;
    std::uint16_t packet_id = 0;      // PUBACK, SUBACK, UNSUBACK
    bool session_present = false;     // CONNACK
    std::uint8_t code = 0;            // CONNACK
    std::vector<std::uint8_t> codes;  // SUBACK
    std::string topic, payload;       // PUBLISH: QoS 0, DUP 0, RETAIN 0, so that it has no packet id [R23]
    std::size_t bytes = 0;
};

// Whole packets that a server may send, and nothing else: aborts otherwise.
std::vector<Received> read_packets(std::string_view bytes);

}  // namespace fuzz::session
