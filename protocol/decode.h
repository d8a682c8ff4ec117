#pragma once
// "Can I read it?": packet bodies to values. What a decoder returns is complete and within its bytes; whether it may be
// accepted is validate.h's question. Views point into `body`. One file per packet.

#include "protocol/decode_error.h"
#include "protocol/packets.h"
#include "protocol/result.h"

#include <cstdint>
#include <string_view>

namespace protocol {

// With another protocol name or level than 3.1.1's, reads these two only: what follows is not ours to know.
Result<Connect, DecodeError> decode_connect(std::string_view body);

// Allocates nothing. QoS 3 is unreadable: nobody can say whether a packet id follows [MQTT-3.3.1-4].
Result<Publish, DecodeError> decode_publish(std::uint8_t first_byte, std::string_view body) noexcept;

// At most max_filters_per_packet filters.
Result<Subscribe, DecodeError> decode_subscribe(std::string_view body);
Result<Unsubscribe, DecodeError> decode_unsubscribe(std::string_view body);

// PUBACK, PUBREC, PUBREL, PUBCOMP: the packet id, nothing else.
Result<std::uint16_t, DecodeError> decode_ack(std::string_view body) noexcept;

// PINGREQ, DISCONNECT: no body.
struct EmptyBody {};
Result<EmptyBody, DecodeError> decode_empty(std::string_view body) noexcept;

}  // namespace protocol
