#include "server/faults/budget.h"

namespace faults {
namespace {

// FNV-1a: the same on every machine, as std::hash is not.
std::uint64_t mixed(std::uint64_t state, std::string_view text) {
    for (const char letter : text) {
        state = (state ^ static_cast<unsigned char>(letter)) * 0x100000001B3ULL;
    }
    return (state ^ 0xFFULL) * 0x100000001B3ULL;  // so that "a", "b" and "ab", "" differ
}

}  // namespace

Generator::Generator(std::uint64_t seed, std::string_view name, std::string_view identity)
    : state_(mixed(mixed(seed ^ 0xCBF29CE484222325ULL, name), identity)) {}

std::uint64_t Generator::next() {
    state_ += 0x9E3779B97F4A7C15ULL;
    auto value = state_;
    value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    value = (value ^ (value >> 27U)) * 0x94D049BB133111EBULL;
    return value ^ (value >> 31U);
}

double Generator::fraction() {
    return static_cast<double>(next() >> 11U) * 0x1.0p-53;
}

Milliseconds Generator::jitter(Milliseconds spread) {
    if (spread.count() == 0) return spread;
    const auto width = static_cast<double>(2 * spread.count() + 1);
    return Milliseconds(static_cast<std::int64_t>(fraction() * width)) - spread;
}

bool Tally::draw(const Budget& budget) {
    if (++chances <= budget.skip) return false;
    if (generator.fraction() >= budget.probability) return false;
    if (budget.times && hits >= *budget.times) return false;
    ++hits;
    return true;
}

}  // namespace faults
