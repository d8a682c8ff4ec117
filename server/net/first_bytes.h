#pragma once
// MQTT or HTTP: what the first bytes of a connection to a device port tell. Pure.

#include <string_view>

namespace net {

// An HTTP method, also one in small letters, or an empty line in front of it. No MQTT client begins so: CONNECT is
// 0x10. `first` is what came at once; of a client that sends "g" alone, nobody can tell.
bool begins_like_http(std::string_view first);

}  // namespace net
