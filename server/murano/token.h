#pragma once
// Device tokens. [R48, R50] Any thread, if the random source allows it.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>

namespace murano {

inline constexpr std::size_t kTokenLength = 40;

// Fills the span with random bytes: from the system's cryptographic source, or repeatable from a seed.
using RandomSource = std::function<void(std::span<std::uint8_t>)>;

// 40 characters of [A-Za-z0-9], each equally likely. A secret.
std::string make_token(const RandomSource& random);

}  // namespace murano
