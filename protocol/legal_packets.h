#pragma once
// Which packets a server takes in which state: the one table.

#include "protocol/decode_error.h"

#include <cstdint>

namespace protocol {

enum class ConnectionState : std::uint8_t {
    awaiting_connect,
    authenticating,  // CONNECT is with the caller; nothing is read until its answer
    connected,
    closing,  // nothing is processed any more
};

// Judges a packet by its first byte, type and reserved flags, so that a wrong one is not waited for. nullptr: legal, as
// far as that byte says. Precondition: state is awaiting_connect or connected, the two that read packets.
const DecodeError* check_first_byte(ConnectionState state, std::uint8_t first_byte) noexcept;

}  // namespace protocol
