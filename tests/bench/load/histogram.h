#pragma once
// Latencies in buckets of about 1.5 % width, from 1 ns to 18 minutes: 64 linear steps for each power of two.

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace load {

class Histogram {
  public:
    void add(std::uint64_t nanoseconds) {
        ++buckets_.at(bucket_of(nanoseconds));
        ++count_;
        max_ = std::max(max_, nanoseconds);
    }

    // The upper edge of the bucket at this share (0 to 1) of the values; 0 if there are none.
    std::uint64_t percentile(double share) const {
        const auto wanted = static_cast<std::uint64_t>(share * static_cast<double>(count_));
        std::uint64_t seen = 0;
        for (std::size_t index = 0; index < buckets_.size(); ++index) {
            seen += buckets_.at(index);
            if (seen > wanted) return std::min(max_, upper_edge(index));
        }
        return max_;
    }

    std::uint64_t max() const noexcept { return max_; }
    std::uint64_t count() const noexcept { return count_; }
    void clear() { *this = {}; }

  private:
    static constexpr unsigned step_bits = 6;
    static constexpr std::size_t steps = 1U << step_bits;
    static constexpr std::size_t powers = 34;

    static std::size_t bucket_of(std::uint64_t value) {
        if (value < steps) return static_cast<std::size_t>(value);
        const unsigned shift = static_cast<unsigned>(std::bit_width(value)) - step_bits - 1;
        return std::min((shift + 1) * steps + static_cast<std::size_t>((value >> shift) - steps), powers * steps - 1);
    }
    static std::uint64_t upper_edge(std::size_t index) {
        if (index < steps) return index;
        const std::size_t shift = index / steps - 1;
        return ((steps + index % steps + 1) << shift) - 1;
    }

    std::array<std::uint32_t, powers * steps> buckets_{};
    std::uint64_t count_ = 0;
    std::uint64_t max_ = 0;
};

}  // namespace load
