// The checksum of a snapshot: every damaged byte is found, and those of version 0.1.0, which have none, are taken.

#include "storage/checksum.h"
#include "tests/unit/control/kept_world.h"

#include <doctest/doctest.h>

using test::KeptWorld;

namespace {

std::string read(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::optional<std::string> refusal_of(const KeptWorld& world, const std::string& bytes) {
    const auto file = world.folder().file("other");
    std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
    return world.refusal(file);
}

}  // namespace

TEST_CASE("the checksum is the one of XZ") {
    storage::Checksum checksum;
    checksum.add("12345");
    checksum.add("6789");
    CHECK(checksum.value() == 0x995DC9BBDF1939FA);
}

TEST_CASE("a snapshot with one damaged byte is refused, wherever that is") {
    const KeptWorld world;
    const auto whole = read(world.snapshot());
    for (std::size_t at = 0; at < whole.size(); at += at < 100 || at + 120 > whole.size() ? 1U : 997U) {
        CAPTURE(at);
        auto damaged = whole;
        damaged[at] = static_cast<char>(damaged[at] ^ 0x40);
        CHECK(refusal_of(world, damaged));
    }
}

TEST_CASE("a snapshot that is cut short, or goes on behind its end, is refused") {
    const KeptWorld world;
    const auto whole = read(world.snapshot());
    const auto line = whole.size() - whole.rfind("murano-emulator snapshot CRC-64 ");
    for (const std::size_t cut : {std::size_t{1}, line - 1, line, line + 1, whole.size() / 2}) {
        CAPTURE(cut);
        CHECK(refusal_of(world, whole.substr(0, whole.size() - cut)));
    }
    CHECK(refusal_of(world, whole + "x"));
    const auto without_seal = refusal_of(world, whole.substr(0, whole.size() - line));
    REQUIRE(without_seal);
    CHECK(without_seal->find("checksum") != std::string::npos);
}

TEST_CASE("a changed snapshot is told as that") {
    const KeptWorld world;
    auto whole = read(world.snapshot());
    whole[whole.find("12345")] = 'x';
    const auto why = refusal_of(world, whole);
    REQUIRE(why);
    CHECK(why->find("its checksum does not match") != std::string::npos);
}
