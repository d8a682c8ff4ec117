#include "storage/checksum.h"

#include <array>

namespace storage {
namespace {

constexpr std::uint64_t polynomial = 0xC96C5795D7870F42;

constexpr std::array<std::uint64_t, 256> make_table() {
    std::array<std::uint64_t, 256> table{};
    for (std::uint64_t byte = 0; byte < table.size(); ++byte) {
        std::uint64_t rest = byte;
        for (int bit = 0; bit < 8; ++bit) rest = (rest & 1U) != 0 ? (rest >> 1U) ^ polynomial : rest >> 1U;
        table.at(byte) = rest;
    }
    return table;
}

constexpr auto table = make_table();

}  // namespace

void Checksum::add(std::string_view bytes) {
    for (const char byte : bytes) {
        state_ = table[(state_ ^ static_cast<unsigned char>(byte)) & 0xFFU] ^ (state_ >> 8U);
    }
}

}  // namespace storage
