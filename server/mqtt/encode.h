#pragma once
// The bytes of an outgoing packet.

#include "server/core/outgoing.h"

#include <string>
#include <string_view>

namespace mqtt {

// Appends all of the packet, except the payload of a PUBLISH, which is returned and belongs right behind: a payload is
// copied once, to where it waits for the socket. Throws std::length_error for a PUBLISH beyond
// protocol::largest_publish.
std::string_view encode_head(std::string& out, const device::Outgoing& packet);

// Appends the whole packet.
void encode(std::string& out, const device::Outgoing& packet);

}  // namespace mqtt
