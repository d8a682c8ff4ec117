#pragma once
// The decoded fields of a journalled raw packet. Never fails: unreadable fields are left out.

#include <cstdint>
#include <string_view>

namespace journal {

class JsonWriter;

// "type" and the packet's fields, as members of the open object: "id" (packet id), and by type
//   PUBLISH               qos, dup, retain, topic, payload ("encoding":"base64" if not UTF-8)
//   CONNECT               protocol_name, level, clean_session, keep_alive_s, client_id, will, username, password
//                         (masked)
//   CONNACK               session_present, return_code
//   SUBSCRIBE             filters: [{filter, qos}]
//   UNSUBSCRIBE           filters: [filter]
//   SUBACK                return_codes
// and "malformed":true for a packet that is cut off or invalid.
// PacketPart::beginning: the readable fields are shown, and the packet does not count as malformed.
enum class PacketPart : std::uint8_t { whole, beginning };
void write_packet_fields(JsonWriter& out, std::string_view raw, PacketPart part = PacketPart::whole);

// Of a PUBLISH; empty for other packets.
std::string_view packet_topic(std::string_view raw);

}  // namespace journal
