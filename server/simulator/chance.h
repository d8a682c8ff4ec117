#pragma once
// A repeatable sequence of random numbers: one per device, from a seed (SplitMix64, eight bytes). Not for secrets. One
// thread per object.

#include <cstdint>

namespace simulator {

class Chance {
  public:
    explicit Chance(std::uint64_t seed) : state_(seed) {}

    std::uint64_t next() {
        std::uint64_t mixed = (state_ += 0x9E3779B97F4A7C15U);
        mixed = (mixed ^ mixed >> 30U) * 0xBF58476D1CE4E5B9U;
        mixed = (mixed ^ mixed >> 27U) * 0x94D049BB133111EBU;
        return mixed ^ mixed >> 31U;
    }

    // From `least` up to but excluding `most`.
    double between(double least, double most) {
        constexpr double steps = 1U << 31U;
        return least + (most - least) * (static_cast<double>(next() >> 33U) / steps);
    }

  private:
    std::uint64_t state_;
};

}  // namespace simulator
