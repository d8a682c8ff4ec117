#pragma once
// "Can I read it?": decodes packet bodies to values. The result is complete and within its bytes; validate.h decides
// whether it is acceptable. Views point into `body`. One file per packet.

#include "protocol/decode_error.h"
#include "protocol/packets.h"
#include "protocol/result.h"

#include <cstdint>
#include <string_view>

namespace protocol {

// With a protocol name or level other than 3.1.1's, reads only these two: the rest has an unknown format.
Result<Connect, DecodeError> decode_connect(std::string_view body);

// Allocates nothing. QoS 3 is unreadable, because it is unknown whether a packet id follows [MQTT-3.3.1-4].
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
