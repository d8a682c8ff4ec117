#pragma once
// Work that takes longer than a loop turn may, in pieces of about a millisecond, so that devices are served in between.
// Loop thread only.

#include <memory>
#include <optional>

namespace device {

template <typename Result>
class Sliced {
  public:
    virtual ~Sliced() = default;
    // Does one piece. nullopt: call it again in another loop turn. The result is returned once.
    virtual std::optional<Result> go_on() = 0;
};

template <typename Result>
using SlicedWork = std::unique_ptr<Sliced<Result>>;

}  // namespace device
