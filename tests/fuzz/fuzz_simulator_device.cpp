// Whatever a server sends to a simulated device, and whatever happens to it.

#include "tests/fuzz/targets/simulator.h"

#include <cstddef>
#include <cstdint>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string bytes(data, data + size);
    fuzz::simulated_device(bytes);
    return 0;
}
