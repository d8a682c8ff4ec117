// The seeds of the fuzz targets, and what fuzzing found, as ordinary tests. A broken property aborts.

#include "tests/fuzz/targets/decoders.h"
#include "tests/fuzz/targets/describe.h"
#include "tests/fuzz/targets/packet_splitter.h"
#include "tests/fuzz/targets/server_connection.h"
#include "tests/fuzz/targets/topic_filter.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include <doctest/doctest.h>

namespace {

using Target = void (*)(std::string_view);

// Each seed whole, cut short at every byte, and with every byte damaged once. Answers how many files there were.
int replay(const std::string& name, Target target) {
    int files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(MURANO_SOURCE_DIR "/tests/fuzz/corpus/" + name)) {
        std::ifstream file(entry.path(), std::ios::binary);
        const std::string seed{std::istreambuf_iterator<char>(file), {}};
        ++files;
        target(seed);
        for (std::size_t at = 0; at < seed.size(); ++at) {
            target(std::string_view(seed).substr(0, at));
            std::string damaged = seed;
            damaged[at] = static_cast<char>(~damaged[at]);
            target(damaged);
        }
    }
    return files;
}

}  // namespace

TEST_CASE("the seeds of the packet splitter keep its properties") {
    CHECK(replay("fuzz_packet_splitter", fuzz::packet_splitter) >= 3);
}
TEST_CASE("the seeds of the connection machine keep its properties") {
    CHECK(replay("fuzz_server_connection", fuzz::server_connection) >= 6);
}
TEST_CASE("the seeds of the decoders keep their properties") {
    CHECK(replay("fuzz_decoders", fuzz::decoders) >= 6);
}
TEST_CASE("the seeds of describing and masking keep their properties") {
    CHECK(replay("fuzz_describe", fuzz::describe) >= 5);
}
TEST_CASE("the seeds of the topic filter keep its properties") {
    CHECK(replay("fuzz_topic_filter", fuzz::topic_filter) >= 4);
}
