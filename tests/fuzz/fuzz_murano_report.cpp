// Any payload to $resource/ and $resource.batch.

#include "tests/fuzz/murano_properties.h"

#include <cstddef>
#include <cstdint>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    murano_properties::reports(std::string(data, data + size));
    return 0;
}
