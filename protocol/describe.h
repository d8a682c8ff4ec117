#pragma once
// Packets in either direction as named fields, for traces: reads what is readable and never fails.

#include "protocol/packets.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace protocol {

// Views point into the described bytes. Fields that the type lacks, or that are unreadable, are unset.
struct PacketDescription {
    PacketType type = PacketType::reserved_0;
    std::uint8_t flags = 0;  // the low four bits of the first byte
    std::uint32_t remaining_length = 0;
    bool malformed = false;  // cut off, or its fields are invalid

    std::optional<std::uint16_t> packet_id;
    // PUBLISH
    bool dup = false;
    std::uint8_t qos = 0;
    bool retain = false;
    std::string_view topic;
    std::string_view payload;
    // CONNECT
    std::optional<Connect> connect;
    // CONNACK
    std::optional<bool> session_present;
    std::optional<std::uint8_t> return_code;
    // SUBSCRIBE, and UNSUBSCRIBE with qos 0
    std::vector<Subscription> filters;
    // SUBACK: one byte each
    std::string_view return_codes;
};

// `packet`: one packet from its first byte on; may be cut off, must not contain the next one.
PacketDescription describe_packet(std::string_view packet);

// Overwrites secrets with '*', keeping lengths: CONNECT's password, the payload of a PUBLISH to `$provision/...` and
// the message of a Will for such a topic. In a packet that is not fully readable, everything that could be a secret is
// masked. One packet per call, as for describe_packet.
std::string mask_secrets(std::string packet);

}  // namespace protocol
