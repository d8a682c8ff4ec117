#include "protocol/client_encoder.h"

#include "protocol/byte_writer.h"
#include "protocol/packets.h"

namespace protocol {
namespace {

constexpr unsigned first_byte(PacketType type, unsigned flags = 0) noexcept {
    return static_cast<unsigned>(type) << 4U | flags;
}

void begin(std::string& out, unsigned first, std::size_t remaining) {
    ByteWriter writer(out);
    writer.u8(static_cast<std::uint8_t>(first));
    writer.remaining_length(static_cast<std::uint32_t>(remaining));
}

std::size_t size_of(const std::optional<std::string_view>& text) {
    return text ? 2 + text->size() : 0;
}

}  // namespace

void encode_connect(std::string& out, const ConnectFields& fields) {
    constexpr std::string_view name = "MQTT";
    constexpr std::size_t fixed = 10;  // name, level, flags, Keep Alive [MQTT 3.1.2]
    begin(out, first_byte(PacketType::connect),
          fixed + 2 + fields.client_id.size() + size_of(fields.username) + size_of(fields.password));
    ByteWriter writer(out);
    writer.binary(name);
    writer.u8(fields.level);
    writer.u8(static_cast<std::uint8_t>((fields.username ? 0x80U : 0U) | (fields.password ? 0x40U : 0U) |
                                        (fields.clean_session ? 0x02U : 0U)));
    writer.u16(fields.keep_alive_s);
    writer.binary(fields.client_id);
    if (fields.username) writer.binary(*fields.username);
    if (fields.password) writer.binary(*fields.password);
}

void encode_client_publish(std::string& out, std::string_view topic, std::string_view payload, PublishFlags flags,
                           std::uint16_t packet_id) {
    const unsigned bits = (flags.dup ? 8U : 0U) | static_cast<unsigned>(flags.qos) << 1U | (flags.retain ? 1U : 0U);
    const std::size_t id_size = flags.qos > 0 ? 2 : 0;
    begin(out, first_byte(PacketType::publish, bits), 2 + topic.size() + id_size + payload.size());
    ByteWriter writer(out);
    writer.binary(topic);
    if (flags.qos > 0) writer.u16(packet_id);
    out.append(payload);
}

void encode_subscribe(std::string& out, std::uint16_t packet_id, std::string_view filter) {
    begin(out, first_byte(PacketType::subscribe, 2), 2 + 2 + filter.size() + 1);  // flags 0010 [MQTT-3.8.1-1]
    ByteWriter writer(out);
    writer.u16(packet_id);
    writer.binary(filter);
    writer.u8(0);
}

void encode_pubrec(std::string& out, std::uint16_t packet_id) {
    begin(out, first_byte(PacketType::pubrec), 2);
    ByteWriter(out).u16(packet_id);
}

void encode_pingreq(std::string& out) {
    begin(out, first_byte(PacketType::pingreq), 0);
}

void encode_disconnect(std::string& out) {
    begin(out, first_byte(PacketType::disconnect), 0);
}

}  // namespace protocol
