#pragma once
// The one table of the packets that a server accepts in each state.

#include "protocol/decode_error.h"

#include <cstdint>

namespace protocol {

enum class ConnectionState : std::uint8_t {
    awaiting_connect,
    authenticating,  // the caller judges the CONNECT; nothing is read until its answer
    connected,
    closing,  // nothing more is processed
};

// Judges a packet by its first byte (type and reserved flags) before the rest arrives. nullptr: legal as far as that
// byte shows. Precondition: state is awaiting_connect or connected, the two that read packets.
const DecodeError* check_first_byte(ConnectionState state, std::uint8_t first_byte) noexcept;

}  // namespace protocol
