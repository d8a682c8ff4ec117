#include "server/journal/packet_fields.h"

#include "protocol/byte_reader.h"
#include "protocol/fixed_header.h"
#include "protocol/packets.h"
#include "server/journal/json_writer.h"

namespace journal {

void write_packet_fields(JsonWriter& out, std::string_view raw) {
    if (raw.empty()) return;
    out.member("type", protocol::packet_name(protocol::packet_type(static_cast<std::uint8_t>(raw.front()))));
    const std::string_view topic = packet_topic(raw);
    out.member_unless_empty("topic", topic);
}

std::string_view packet_topic(std::string_view raw) {
    const protocol::FixedHeader header = protocol::read_fixed_header(raw);
    if (header.status != protocol::FixedHeader::Status::complete) return {};
    if (protocol::packet_type(static_cast<std::uint8_t>(raw.front())) != protocol::PacketType::publish) return {};
    return protocol::ByteReader(raw.substr(header.size)).binary().value_or(std::string_view{});
}

}  // namespace journal
