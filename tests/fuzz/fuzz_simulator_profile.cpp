// Any text as the profile of simulated devices.

#include "tests/fuzz/targets/simulator.h"

#include <cstddef>
#include <cstdint>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string bytes(data, data + size);
    fuzz::simulated_profile(bytes);
    return 0;
}
