#pragma once
// A counting limit. take() returns a permit, or nullptr if none is left; destroying the permit frees it. Loop thread
// only.

#include <cstdint>
#include <memory>
#include <utility>

namespace runtime {

using Place = std::shared_ptr<const void>;

class Places {
  public:
    // `taken` is the current number: a gauge of the metrics, which outlives every permit.
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
