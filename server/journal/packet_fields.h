#pragma once
// What a journalled raw packet says. Never fails: what cannot be read is not shown.

#include <string_view>

namespace journal {

class JsonWriter;

// "type" and the packet's fields, as members of the object that is open.
void write_packet_fields(JsonWriter& out, std::string_view raw);

// Of a PUBLISH; empty for all else.
std::string_view packet_topic(std::string_view raw);

}  // namespace journal
