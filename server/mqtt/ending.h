#pragma once

#include <cstdint>

namespace mqtt {

// How a connection ends on purpose. Output sent before leaves first.
enum class Ending : std::uint8_t {
    fin,    // closes both directions
    reset,  // RST
    half    // closes our direction only: input is still read and handled, nothing more leaves
};

}  // namespace mqtt
