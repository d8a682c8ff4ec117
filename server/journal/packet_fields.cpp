#include "server/journal/packet_fields.h"

#include "protocol/byte_reader.h"
#include "protocol/describe.h"
#include "protocol/fixed_header.h"
#include "server/journal/json_writer.h"

namespace journal {
namespace {

void write_publish(JsonWriter& out, const protocol::PacketDescription& packet) {
    out.member("qos", std::int64_t{packet.qos});
    out.member_flag("dup", packet.dup);
    out.member_flag("retain", packet.retain);
    out.member("topic", packet.topic);
    out.payload_member("payload", packet.payload);
}

void write_will(JsonWriter& out, const protocol::Will& will) {
    out.key("will");
    out.start_object();
    out.member("qos", std::int64_t{will.qos});
    out.member_flag("retain", will.retain);
    out.member("topic", will.topic);
    out.payload_member("payload", will.payload);
    out.end_object();
}

void write_connect(JsonWriter& out, const protocol::Connect& connect) {
    out.member("protocol_name", connect.protocol_name);
    out.member("level", std::int64_t{connect.level});
    out.member_flag("clean_session", connect.clean_session);
    out.member("keep_alive_s", std::int64_t{connect.keep_alive_s});
    out.member("client_id", connect.client_id);
    if (connect.will) write_will(out, *connect.will);
    if (connect.username) out.member("username", *connect.username);
    if (connect.password) out.member("password", *connect.password);  // masked already
}

void write_filters(JsonWriter& out, const protocol::PacketDescription& packet) {
    out.key("filters");
    out.start_array();
    for (const protocol::Subscription& filter : packet.filters) {
        if (packet.type == protocol::PacketType::unsubscribe) {
            out.foreign(filter.filter);
            continue;
        }
        out.start_object();
        out.member("filter", filter.filter);
        out.member("qos", std::int64_t{filter.qos});
        out.end_object();
    }
    out.end_array();
}

void write_return_codes(JsonWriter& out, std::string_view codes) {
    out.key("return_codes");
    out.start_array();
    for (const char code : codes) out.number(static_cast<unsigned char>(code));
    out.end_array();
}

}  // namespace

void write_packet_fields(JsonWriter& out, std::string_view raw, PacketPart part) {
    if (raw.empty()) return;
    const protocol::PacketDescription packet = protocol::describe_packet(raw);
    out.member("type", protocol::packet_name(packet.type));
    if (packet.packet_id) out.member("id", std::int64_t{*packet.packet_id});
    if (packet.type == protocol::PacketType::publish) write_publish(out, packet);
    if (packet.connect) write_connect(out, *packet.connect);
    if (packet.session_present) out.member_flag("session_present", *packet.session_present);
    if (packet.return_code) out.member("return_code", std::int64_t{*packet.return_code});
    if (!packet.filters.empty()) write_filters(out, packet);
    if (packet.type == protocol::PacketType::suback) write_return_codes(out, packet.return_codes);
    if (packet.malformed && part == PacketPart::whole) out.member_flag("malformed", true);
}

// Not through describe_packet, which builds lists: a filter asks this of every packet in the journal.
std::string_view packet_topic(std::string_view raw) {
    const protocol::FixedHeader header = protocol::read_fixed_header(raw);
    if (header.status != protocol::FixedHeader::Status::complete) return {};
    if (protocol::packet_type(static_cast<std::uint8_t>(raw.front())) != protocol::PacketType::publish) return {};
    return protocol::ByteReader(raw.substr(header.size)).binary().value_or(std::string_view{});
}

}  // namespace journal
