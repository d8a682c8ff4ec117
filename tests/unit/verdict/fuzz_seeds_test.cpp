// The seeds of the fuzz target, replayed; and lives drawn by chance, the same ones each time.

#include "tests/fuzz/targets/verdict.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>

#include <doctest/doctest.h>

TEST_CASE("the fuzz seeds keep the properties of all judges") {
    int count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(MURANO_SOURCE_DIR "/tests/fuzz/corpus/fuzz_verdict")) {
        std::ifstream file(entry.path(), std::ios::binary);
        fuzz::verdict_life(std::string(std::istreambuf_iterator<char>(file), {}));
        ++count;
    }
    CHECK(count >= 12);
}

TEST_CASE("random lives keep the properties of all judges") {
    std::minstd_rand random(1);
    int lives = 0;
    for (; lives < 500; ++lives) {
        std::string bytes(1, static_cast<char>(random() % 128));
        for (auto length = 4 * (random() % 200); length > 0; --length)
            bytes.push_back(static_cast<char>(random() % 256));
        fuzz::verdict_life(bytes);
    }
    CHECK(lives == 500);
}
