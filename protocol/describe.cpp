#include "protocol/describe.h"

#include "protocol/byte_reader.h"
#include "protocol/decode.h"
#include "protocol/fixed_header.h"

namespace protocol {
namespace {

void describe_connect(PacketDescription& known, std::string_view body) {
    const auto connect = decode_connect(body);
    known.malformed = !connect.ok();
    if (connect.ok()) known.connect = connect.value();
}

void describe_connack(PacketDescription& known, std::string_view body) {
    ByteReader in(body);
    const auto flags = in.u8();
    known.return_code = in.u8();
    if (flags) known.session_present = (*flags & 0x01U) != 0;
    known.malformed = !known.return_code || !in.empty();
}

// Reads on with QoS 3, which decode_publish does not: the topic may help to find the culprit.
void describe_publish(PacketDescription& known, std::string_view body) {
    known.dup = (known.flags & 0x08U) != 0;
    known.qos = static_cast<std::uint8_t>(known.flags >> 1U & 0x03U);
    known.retain = (known.flags & 0x01U) != 0;
    ByteReader in(body);
    known.topic = in.binary().value_or(std::string_view{});
    if (known.qos > 0) known.packet_id = in.u16();
    known.payload = in.rest();
    const bool whole = body.size() >= 2 && (known.qos == 0 || known.packet_id.has_value());
    known.malformed = !whole || known.qos == 3;
}

void describe_ack(PacketDescription& known, std::string_view body) {
    ByteReader in(body);
    known.packet_id = in.u16();
    if (known.type == PacketType::suback) known.return_codes = in.rest();
    known.malformed = !known.packet_id || (known.type != PacketType::suback && !in.empty());
}

void describe_subscribe(PacketDescription& known, std::string_view body) {
    known.packet_id = ByteReader(body).u16();
    auto subscribe = decode_subscribe(body);
    known.malformed = !subscribe.ok();
    if (subscribe.ok()) known.filters = std::move(subscribe).value().filters;
}

void describe_unsubscribe(PacketDescription& known, std::string_view body) {
    known.packet_id = ByteReader(body).u16();
    const auto unsubscribe = decode_unsubscribe(body);
    known.malformed = !unsubscribe.ok();
    if (!unsubscribe.ok()) return;
    for (const auto filter : unsubscribe.value().filters) known.filters.push_back({filter, 0});
}

void describe_body(PacketDescription& known, std::string_view body) {
    switch (known.type) {
        case PacketType::connect:
            return describe_connect(known, body);
        case PacketType::connack:
            return describe_connack(known, body);
        case PacketType::publish:
            return describe_publish(known, body);
        case PacketType::subscribe:
            return describe_subscribe(known, body);
        case PacketType::unsubscribe:
            return describe_unsubscribe(known, body);
        case PacketType::puback:
        case PacketType::pubrec:
        case PacketType::pubrel:
        case PacketType::pubcomp:
        case PacketType::suback:
        case PacketType::unsuback:
            return describe_ack(known, body);
        default:  // PINGREQ, PINGRESP, DISCONNECT; 0 and 15, which are not packets
            known.malformed = !body.empty() || packet_name(known.type) == "RESERVED";
    }
}

}  // namespace

PacketDescription describe_packet(std::string_view packet) {
    PacketDescription known;
    known.malformed = true;
    if (packet.empty()) return known;
    const auto first_byte = static_cast<std::uint8_t>(packet.front());
    known.type = packet_type(first_byte);
    known.flags = first_byte & 0x0FU;
    const FixedHeader header = read_fixed_header(packet);
    if (header.status != FixedHeader::Status::complete) return known;
    known.remaining_length = header.remaining_length;
    describe_body(known, packet.substr(header.size));
    if (packet.size() - header.size != header.remaining_length) known.malformed = true;
    return known;
}

}  // namespace protocol
