// Any id against any identity format.

#include "tests/fuzz/murano_properties.h"

#include <cstddef>
#include <cstdint>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    murano_properties::identities(std::string(data, data + size));
    return 0;
}
