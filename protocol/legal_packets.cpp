#include "protocol/legal_packets.h"

#include "protocol/errors.h"

#include <array>

namespace protocol {
namespace {

using namespace errors;

struct Rule {
    const DecodeError* awaiting_connect;  // nullptr: legal in that state
    const DecodeError* connected;
    int flags;  // what the low four bits must be [MQTT-2.2.2-1]
    const DecodeError* other_flags;
};

constexpr int any_flags = -1;  // PUBLISH: DUP, QoS and RETAIN; judged with the packet

constexpr std::array<Rule, 16> rules = {{
    /*  0             */ {&first_not_connect, &reserved_type, any_flags, nullptr},
    /*  1 CONNECT     */ {nullptr, &second_connect, 0x0, &reserved_flags},
    /*  2 CONNACK     */ {&first_not_connect, &server_packet, any_flags, nullptr},
    /*  3 PUBLISH     */ {&first_not_connect, nullptr, any_flags, nullptr},
    /*  4 PUBACK      */ {&first_not_connect, nullptr, 0x0, &reserved_flags},
    /*  5 PUBREC      */ {&first_not_connect, &qos2_packet, any_flags, nullptr},
    /*  6 PUBREL      */ {&first_not_connect, &qos2_packet, any_flags, nullptr},
    /*  7 PUBCOMP     */ {&first_not_connect, &qos2_packet, any_flags, nullptr},
    /*  8 SUBSCRIBE   */ {&first_not_connect, nullptr, 0x2, &bad_subscribe_flags},
    /*  9 SUBACK      */ {&first_not_connect, &server_packet, any_flags, nullptr},
    /* 10 UNSUBSCRIBE */ {&first_not_connect, nullptr, 0x2, &bad_unsubscribe_flags},
    /* 11 UNSUBACK    */ {&first_not_connect, &server_packet, any_flags, nullptr},
    /* 12 PINGREQ     */ {&first_not_connect, nullptr, 0x0, &reserved_flags},
    /* 13 PINGRESP    */ {&first_not_connect, &server_packet, any_flags, nullptr},
    /* 14 DISCONNECT  */ {&first_not_connect, nullptr, 0x0, &bad_disconnect_flags},
    /* 15             */ {&first_not_connect, &reserved_type, any_flags, nullptr},
}};

}  // namespace

const DecodeError* check_first_byte(ConnectionState state, std::uint8_t first_byte) noexcept {
    const Rule& rule = rules[first_byte >> 4U];
    const DecodeError* illegal = state == ConnectionState::awaiting_connect ? rule.awaiting_connect : rule.connected;
    if (illegal != nullptr) return illegal;
    const bool flags_fit = rule.flags == any_flags || (first_byte & 0x0F) == rule.flags;
    return flags_fit ? nullptr : rule.other_flags;
}

}  // namespace protocol
