#pragma once
// Things of which only so many may be going on at a time. Whoever has one holds its place, and gives it back by letting
// go of it. Loop thread only.

#include <cstdint>
#include <memory>
#include <utility>

namespace runtime {

using Place = std::shared_ptr<const void>;

class Places {
  public:
    // `taken` is counted up and down: a gauge of the metrics, which outlives every place.
    Places(std::uint64_t most, std::uint64_t& taken) : most_(most), taken_(&taken) {}

    // nullptr: none is left.
    Place take() {
        if (*taken_ >= most_) return nullptr;
        ++*taken_;
        return {taken_, [](std::uint64_t* taken) { --*taken; }};
    }

  private:
    std::uint64_t most_;
    std::uint64_t* taken_;
};

}  // namespace runtime
