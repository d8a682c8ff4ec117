#pragma once
// Decodes the bodies of a server's packets for a client, as decode.h does for a server. PUBACK and UNSUBACK:
// decode_ack(), PINGRESP: decode_empty(), PUBLISH: decode_publish().

#include "protocol/decode_error.h"
#include "protocol/result.h"

#include <cstdint>
#include <string_view>

namespace protocol {

struct Connack {
    bool session_present = false;
    std::uint8_t code = 0;  // 0 to 5
};
// A reserved flag or a reserved code is unreadable. [MQTT-3.2.2-6]
Result<Connack, DecodeError> decode_connack(std::string_view body) noexcept;

struct Suback {
    std::uint16_t packet_id = 0;
    std::string_view codes;  // one byte per filter; points into `body`
};
// A code other than 0, 1, 2 and 0x80 is unreadable. [MQTT-3.9.3-2]
Result<Suback, DecodeError> decode_suback(std::string_view body) noexcept;

}  // namespace protocol
