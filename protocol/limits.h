#pragma once
// Sizes that bound what one client can make the server hold. All packet sizes are in bytes and are compared with the
// Remaining Length of the fixed header, before any memory is taken.

#include <cstddef>
#include <cstdint>

namespace protocol {

// What four Remaining Length bytes can say [MQTT-2.2.3].
inline constexpr std::uint32_t largest_remaining_length = 268'435'455;

// A CONNECT with five strings of 65,535 bytes fits; nothing else is legal before it.
inline constexpr std::uint32_t connect_max_packet_bytes = 327'700;

// One SUBSCRIBE or UNSUBSCRIBE. MQTT names no limit, but each filter costs six times its bytes while it is handled.
inline constexpr std::size_t max_filters_per_packet = 65'535;

// Settings limits.max_packet_bytes and limits.anonymous_max_packet_bytes, in force after CONNECT.
struct PacketLimits {
    std::uint32_t max_packet_bytes = largest_remaining_length;
    std::uint32_t anonymous_max_packet_bytes = 65'536;
};

}  // namespace protocol
