#pragma once
// The bytes of an outgoing packet.

#include "server/core/outgoing.h"

#include <string>
#include <string_view>

namespace mqtt {

// Appends the packet except the payload of a PUBLISH; returns that payload, which the caller sends right after, so that
// it is copied only once, to where it waits for the socket. Throws std::length_error for a PUBLISH larger than
// protocol::largest_publish.
std::string_view encode_head(std::string& out, const device::Outgoing& packet);

// Appends the whole packet.
void encode(std::string& out, const device::Outgoing& packet);

}  // namespace mqtt
