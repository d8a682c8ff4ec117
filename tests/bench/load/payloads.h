#pragma once
// What devices report when it is not the same letters each time: JSON with readings that wander, or noise that hardly
// anything can make smaller. Made once, a few MiB, so that no report comes again within what a server writes together.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace load {

class Payloads {
  public:
    // `kind`: letters (then there are none), reports, noise; other names throw std::invalid_argument. Each has `size`
    // bytes; a report may have up to 20 less, since it ends behind a whole reading.
    Payloads(const std::string& kind, std::size_t size);

    bool empty() const { return texts_.empty(); }
    // The `number`th report of a device. Neighbouring devices are different ones.
    std::string_view of(std::size_t device, std::uint64_t number) const {
        return texts_[device % devices * each_ + number % each_];
    }

  private:
    static constexpr std::size_t devices = 32;
    std::size_t each_;
    std::vector<std::string> texts_;
};

}  // namespace load
