#pragma once
// The source of random choices: the system's cryptographic one, or a repeatable sequence (`--seed N`, for tests only,
// because it makes every secret guessable). One thread per object.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <string_view>

namespace runtime {

class Random {
  public:
    static Random from_system() { return Random(); }
    static Random from_seed(std::uint64_t seed) { return Random(seed); }

    // Throws std::system_error if the system provides no randomness.
    void fill(std::span<unsigned char> bytes);

    // `length` characters of the alphabet (1 to 256 characters), all equally likely.
    std::string text(std::size_t length, std::string_view alphabet);

    std::string alphanumeric(std::size_t length);  // [A-Za-z0-9], for tokens [R48]
    std::string connection_id();                   // 20 characters [a-z0-9], as in Murano

  private:
    Random() = default;
    explicit Random(std::uint64_t seed) : generator_(std::in_place, seed) {}

    std::optional<std::mt19937_64> generator_;  // nullopt: the system
};

}  // namespace runtime
