#pragma once
// Encodes a server's packets, appended to a string that the caller owns and reuses.

#include "protocol/packets.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace protocol {

// Session Present is 0 with every code but accepted [MQTT-3.2.2-4].
void encode_connack(std::string& out, bool session_present, ConnackCode code);
void encode_puback(std::string& out, std::uint16_t packet_id);
// One code per filter, in the same order [MQTT-3.8.4-5]; at most max_filters_per_packet.
void encode_suback(std::string& out, std::uint16_t packet_id, std::span<const std::uint8_t> codes);
void encode_unsuback(std::string& out, std::uint16_t packet_id);
void encode_pingresp(std::string& out);

// Bytes of topic and payload that one PUBLISH can carry; with more, encode_publish throws std::length_error.
inline constexpr std::size_t largest_publish = 268'435'453;

// Bytes of a PUBLISH made by encode_publish; throws in the same cases.
std::size_t publish_size(std::size_t topic_size, std::size_t payload_size);

// QoS 0, DUP 0, RETAIN 0 [R23], [MQTT-3.3.1-2]. Precondition: valid_topic_name(topic).
void encode_publish(std::string& out, std::string_view topic, std::string_view payload);
// The same without the payload; the caller sends its payload_size bytes afterwards.
void encode_publish_header(std::string& out, std::string_view topic, std::size_t payload_size);

}  // namespace protocol
