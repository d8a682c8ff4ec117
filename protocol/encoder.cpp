#include "protocol/encoder.h"

#include "protocol/byte_writer.h"

#include <array>
#include <stdexcept>

namespace protocol {
namespace {

constexpr std::uint8_t first_byte(PacketType type) noexcept {
    return static_cast<std::uint8_t>(static_cast<unsigned>(type) << 4U);
}

void encode_ack(std::string& out, PacketType type, std::uint16_t packet_id) {
    const std::array<char, 4> packet{static_cast<char>(first_byte(type)), 2, static_cast<char>(packet_id >> 8U),
                                     static_cast<char>(packet_id & 0xFFU)};
    out.append(packet.data(), packet.size());
}

// The Remaining Length.
std::uint32_t publish_length(std::size_t topic_size, std::size_t payload_size) {
    if (topic_size > 65'535 || payload_size > largest_publish - topic_size) {
        throw std::length_error("a PUBLISH cannot carry that much");
    }
    return static_cast<std::uint32_t>(2 + topic_size + payload_size);
}

}  // namespace

void encode_connack(std::string& out, bool session_present, ConnackCode code) {
    ByteWriter writer(out);
    writer.u8(first_byte(PacketType::connack));
    writer.u8(2);
    writer.u8(session_present && code == ConnackCode::accepted ? 1 : 0);
    writer.u8(static_cast<std::uint8_t>(code));
}

void encode_puback(std::string& out, std::uint16_t packet_id) {
    encode_ack(out, PacketType::puback, packet_id);
}

void encode_unsuback(std::string& out, std::uint16_t packet_id) {
    encode_ack(out, PacketType::unsuback, packet_id);
}

void encode_suback(std::string& out, std::uint16_t packet_id, std::span<const std::uint8_t> codes) {
    ByteWriter writer(out);
    writer.u8(first_byte(PacketType::suback));
    writer.remaining_length(static_cast<std::uint32_t>(2 + codes.size()));
    writer.u16(packet_id);
    for (const auto code : codes) writer.u8(code);
}

void encode_pingresp(std::string& out) {
    ByteWriter writer(out);
    writer.u8(first_byte(PacketType::pingresp));
    writer.u8(0);
}

std::size_t publish_size(std::size_t topic_size, std::size_t payload_size) {
    const auto length = publish_length(topic_size, payload_size);
    std::size_t header = 2;
    for (auto rest = length >> 7U; rest > 0; rest >>= 7U) ++header;
    return header + length;
}

void encode_publish_header(std::string& out, std::string_view topic, std::size_t payload_size) {
    const auto length = publish_length(topic.size(), payload_size);
    ByteWriter writer(out);
    writer.u8(first_byte(PacketType::publish));
    writer.remaining_length(length);
    writer.binary(topic);
}

void encode_publish(std::string& out, std::string_view topic, std::string_view payload) {
    encode_publish_header(out, topic, payload.size());
    out.append(payload);
}

}  // namespace protocol
