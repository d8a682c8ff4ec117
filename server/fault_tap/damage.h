#pragma once
// Makes packets malformed (fault `corrupt`) or changes their content (`replace`). Pure: bytes in, bytes out.

#include "server/core/outgoing.h"
#include "server/faults/fault.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace fault_tap {

// `packet`: a whole one. `how`: a choice of kind corrupt. `random`: random bits for "random".
std::string damaged(std::string packet, std::string_view how, std::uint64_t random);

// The packet, changed as the values of kind replace say.
std::string replaced(const device::Outgoing& packet, const faults::Values& values);

// A fixed header with this first byte and the length of `rest`, then `rest`.
std::string framed(std::uint8_t first, std::string_view rest);

}  // namespace fault_tap
