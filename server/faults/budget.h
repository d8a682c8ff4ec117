#pragma once
// How often a fault strikes, and when. Pure: time is an argument, random numbers come from a seed.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace faults {

using TimePoint = std::chrono::steady_clock::time_point;
using Milliseconds = std::chrono::milliseconds;

enum class Per : std::uint8_t { all, identity, connection };

struct Budget {
    std::uint64_t skip = 0;
    std::optional<std::uint64_t> times;  // absent: unlimited
    double probability = 1.0;
    std::optional<std::uint64_t> seed;  // absent: the server's
    Per per = Per::all;
    std::optional<Milliseconds> length;  // `for_ms`, from its beginning
    Milliseconds delay{0};               // `after_ms`, from its creation
};

// Repeatable random numbers in eight bytes, so that a fault can keep one per identity. (splitmix64)
class Generator {
  public:
    Generator(std::uint64_t seed, std::string_view name, std::string_view identity = {});
    std::uint64_t next();
    double fraction();  // [0, 1)
    // Uniform from -spread to +spread.
    Milliseconds jitter(Milliseconds spread);

  private:
    std::uint64_t state_;
};

// The counts for `skip` and `times`: for all that the fault strikes, or one identity or connection.
struct Tally {
    Generator generator;
    std::uint64_t chances = 0;
    std::uint64_t hits = 0;

    // One chance: applies `skip`, one random draw, then `times`. True: a hit, which is counted.
    bool draw(const Budget& budget);
};

}  // namespace faults
