#pragma once
// Tells MQTT from HTTP by the first bytes of a connection to a device port. Pure.

#include <string_view>

namespace net {

// An HTTP method, in small letters too, or an empty line before one. No MQTT client begins so: CONNECT is 0x10.
// `first`: what came in the first read; a single "g" is not enough to tell.
bool begins_like_http(std::string_view first);

}  // namespace net
