#include "protocol/packets.h"

#include <array>

namespace protocol {

std::string_view packet_name(PacketType type) noexcept {
    static constexpr std::array<std::string_view, 16> names = {
        "RESERVED",  "CONNECT", "CONNACK",     "PUBLISH",  "PUBACK",  "PUBREC",   "PUBREL",     "PUBCOMP",
        "SUBSCRIBE", "SUBACK",  "UNSUBSCRIBE", "UNSUBACK", "PINGREQ", "PINGRESP", "DISCONNECT", "RESERVED"};
    return names[static_cast<std::uint8_t>(type) & 0x0FU];
}

}  // namespace protocol
