#pragma once
// What a journalled raw packet says. Never fails: what cannot be read is not shown.

#include <cstdint>
#include <string_view>

namespace journal {

class JsonWriter;

// "type" and the packet's fields, as members of the object that is open: "id" (packet id), and by type
//   PUBLISH               qos, dup, retain, topic, payload ("encoding":"base64" where it is not UTF-8)
//   CONNECT               protocol_name, level, clean_session, keep_alive_s, client_id, will, username, password
//                         (masked)
//   CONNACK               session_present, return_code
//   SUBSCRIBE             filters: [{filter, qos}]
//   UNSUBSCRIBE           filters: [filter]
//   SUBACK                return_codes
// and "malformed":true for a packet that is cut off or does not fit.
// Of one whose end is left out, what can be read shows, and it does not count as malformed.
enum class PacketPart : std::uint8_t { whole, beginning };
void write_packet_fields(JsonWriter& out, std::string_view raw, PacketPart part = PacketPart::whole);

// Of a PUBLISH; empty for all else.
std::string_view packet_topic(std::string_view raw);

}  // namespace journal
