#include "tests/fuzz/targets/blocks.h"

#include <cstddef>
#include <cstdint>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string bytes(data, data + size);
    fuzz::blocks(bytes);
    return 0;
}
