#include "tests/fuzz/targets/net_session/received.h"

#include "tests/fuzz/targets/require.h"

namespace fuzz::session {
namespace {

using protocol::PacketType;

std::uint16_t number_at(std::string_view bytes, std::size_t at) {
    require(bytes.size() >= at + 2);
    return static_cast<std::uint16_t>(static_cast<unsigned char>(bytes[at]) << 8U |
                                      static_cast<unsigned char>(bytes[at + 1]));
}

// Header and length taken off the front; the body.
std::string_view take_packet(std::string_view& bytes) {
    std::size_t length = 0;
    for (std::size_t at = 1;; ++at) {
        require(at < bytes.size() && at <= 4);
        const auto byte = static_cast<unsigned char>(bytes[at]);
        length |= static_cast<std::size_t>(byte & 0x7FU) << (7U * (at - 1));
        if ((byte & 0x80U) != 0) continue;
        require(bytes.size() - at - 1 >= length);
        const auto body = bytes.substr(at + 1, length);
        bytes.remove_prefix(at + 1 + length);
        return body;
    }
}

void read_body(Received& packet, std::string_view body) {
    switch (packet.type) {
        case PacketType::connack:
            require(body.size() == 2 && static_cast<unsigned char>(body[0]) <= 1);
            packet.session_present = body[0] == 1;
            packet.code = static_cast<std::uint8_t>(body[1]);
            return;
        case PacketType::publish:
            packet.topic = body.substr(2, number_at(body, 0));
            require(2 + packet.topic.size() == 2U + number_at(body, 0));
            packet.payload = body.substr(2 + packet.topic.size());
            return;
        case PacketType::suback:
            packet.codes.assign(body.begin() + 2, body.end());
            [[fallthrough]];
        case PacketType::puback:
        case PacketType::unsuback:
            packet.packet_id = number_at(body, 0);
            require(packet.packet_id != 0 && (packet.type == PacketType::suback || body.size() == 2));
            return;
        default:
            require(packet.type == PacketType::pingresp && body.empty());
    }
}

}  // namespace

std::vector<Received> read_packets(std::string_view bytes) {
    std::vector<Received> packets;
    while (!bytes.empty()) {
        const auto before = bytes.size();
        Received packet;
        const auto first = static_cast<std::uint8_t>(bytes.front());
        require((first & 0x0FU) == 0);
        packet.type = protocol::packet_type(first);
        read_body(packet, take_packet(bytes));
        packet.bytes = before - bytes.size();
        packets.push_back(std::move(packet));
    }
    return packets;
}

}  // namespace fuzz::session
