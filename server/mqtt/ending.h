#pragma once

#include <cstdint>

namespace mqtt {

// How a connection ends on purpose. What was sent before leaves first.
enum class Ending : std::uint8_t {
    fin,    // both sides
    reset,  // RST
    half    // only our side: what comes is still read and handled, nothing more leaves
};

}  // namespace mqtt
