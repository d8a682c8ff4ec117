// The seeds of the fuzz targets, replayed.

#include "tests/fuzz/murano_properties.h"

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <string_view>

#include <doctest/doctest.h>

namespace {

int replay(const std::string& target, const std::function<void(std::string_view)>& property) {
    int count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(MURANO_SOURCE_DIR "/tests/fuzz/corpus/" + target)) {
        std::ifstream file(entry.path(), std::ios::binary);
        property(std::string(std::istreambuf_iterator<char>(file), {}));
        ++count;
    }
    return count;
}

}  // namespace

TEST_CASE("[R38, R39, R46, R49] the fuzz seeds keep the properties of Murano's rules") {
    CHECK(replay("fuzz_murano_report", murano_properties::reports) >= 4);
    CHECK(replay("fuzz_murano_topic", murano_properties::topics) >= 5);
    CHECK(replay("fuzz_murano_identity", murano_properties::identities) >= 4);
    CHECK(replay("fuzz_murano_decimal", murano_properties::decimals) >= 3);
}
