#include "server/runtime/random.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>

#include <sys/random.h>

namespace runtime {
namespace {

void fill_from_system(std::span<unsigned char> bytes) {
    while (!bytes.empty()) {
        const ssize_t got = ::getrandom(bytes.data(), bytes.size(), 0);
        if (got > 0) {
            bytes = bytes.subspan(static_cast<std::size_t>(got));
        } else if (errno != EINTR) {
            throw std::system_error(errno, std::generic_category(), "getrandom");
        }
    }
}

// The standard fixes the engine's numbers but not those of its distributions, so bytes are taken by hand: a seed means
// the same everywhere.
void fill_from_engine(std::mt19937_64& engine, std::span<unsigned char> bytes) {
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (i % 8 == 0) bits = engine();
        bytes[i] = static_cast<unsigned char>(bits & 0xFFU);
        bits >>= 8U;
    }
}

}  // namespace

void Random::fill(std::span<unsigned char> bytes) {
    if (generator_) {
        fill_from_engine(*generator_, bytes);
    } else {
        fill_from_system(bytes);
    }
}

std::string Random::text(std::size_t length, std::string_view alphabet) {
    if (alphabet.empty() || alphabet.size() > 256) throw std::invalid_argument("alphabet of 1 to 256 characters");
    // Bytes at or above the largest multiple of the alphabet's size would favour its first characters.
    const std::size_t usable = 256 - 256 % alphabet.size();
    std::string out;
    out.reserve(length);
    std::array<unsigned char, 64> bytes{};
    while (out.size() < length) {
        const std::span<unsigned char> wanted(bytes.data(), std::min(bytes.size(), length - out.size() + 4));
        fill(wanted);
        for (const unsigned char byte : wanted) {
            if (byte < usable && out.size() < length) out.push_back(alphabet[byte % alphabet.size()]);
        }
    }
    return out;
}

std::string Random::alphanumeric(std::size_t length) {
    return text(length, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");
}

std::string Random::connection_id() {
    return text(20, "abcdefghijklmnopqrstuvwxyz0123456789");
}

}  // namespace runtime
