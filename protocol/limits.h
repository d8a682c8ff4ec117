#pragma once
// Limits on what one client can make the server hold. Packet sizes are in bytes and are compared with the Remaining
// Length of the fixed header before memory is allocated.

#include <cstddef>
#include <cstdint>

namespace protocol {

// The largest value of four Remaining Length bytes [MQTT-2.2.3].
inline constexpr std::uint32_t largest_remaining_length = 268'435'455;

// Fits a CONNECT with five strings of 65,535 bytes; nothing else is legal before it.
inline constexpr std::uint32_t connect_max_packet_bytes = 327'700;

// Per SUBSCRIBE or UNSUBSCRIBE. MQTT has no limit, but each filter costs six times its bytes while it is handled.
inline constexpr std::size_t max_filters_per_packet = 65'535;

// Settings limits.max_packet_bytes and limits.anonymous_max_packet_bytes, in force after CONNECT.
struct PacketLimits {
    std::uint32_t max_packet_bytes = largest_remaining_length;
    std::uint32_t anonymous_max_packet_bytes = 65'536;
};

}  // namespace protocol
