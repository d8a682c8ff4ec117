#pragma once
// Why bytes are not a packet, or why a packet is not acceptable: a code and one sentence for a firmware developer. MQTT
// 3.1.1 has no reason on the wire, so this text is the user's only explanation. All texts have static storage.

#include "protocol/packets.h"

#include <optional>
#include <string_view>

namespace protocol {

struct DecodeError {
    // The broken clause or Murano rule, and how: "MQTT-3.1.2-22.password_without_username".
    std::string_view code;
    std::string_view message;            // what happened
    std::string_view hint = {};          // what to do instead; may be empty
    std::optional<ConnackCode> connack;  // to send before closing; nullopt: close without CONNACK
};

}  // namespace protocol
