#include "tests/fuzz/targets/verdict.h"

#include <cstddef>
#include <cstdint>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string bytes(data, data + size);
    fuzz::verdict_life(bytes);
    return 0;
}
