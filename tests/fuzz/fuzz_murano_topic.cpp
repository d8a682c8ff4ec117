// Any topic and any filter, by a device and by an anonymous client.

#include "tests/fuzz/murano_properties.h"

#include <cstddef>
#include <cstdint>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    murano_properties::topics(std::string(data, data + size));
    return 0;
}
