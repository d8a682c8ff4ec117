#pragma once
// Runs a fuzz target's seeds and findings as an ordinary test. A broken property aborts.

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

namespace test {

enum class Damage : unsigned char { none, every_byte };

// Each seed whole; with Damage::every_byte also cut short at every byte, and with every byte damaged once. Returns the
// number of files.
template <typename Target>
int replay(const std::string& name, Target target, Damage damage) {
    int files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(MURANO_SOURCE_DIR "/tests/fuzz/corpus/" + name)) {
        std::ifstream file(entry.path(), std::ios::binary);
        const std::string seed{std::istreambuf_iterator<char>(file), {}};
        ++files;
        target(seed);
        for (std::size_t at = 0; damage == Damage::every_byte && at < seed.size(); ++at) {
            target(std::string_view(seed).substr(0, at));
            std::string damaged = seed;
            damaged[at] = static_cast<char>(~damaged[at]);
            target(damaged);
        }
    }
    return files;
}

}  // namespace test
