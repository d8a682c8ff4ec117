#pragma once
// Payloads other than constant letters: JSON with drifting readings, or noise that hardly compresses. A few MiB, made
// once, so that no report repeats within the data that a server writes together.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace load {

class Payloads {
  public:
    // `kind`: letters (no payloads), reports, noise; other names throw std::invalid_argument. Each has `size` bytes; a
    // report may have up to 20 less, because it ends after a whole reading.
    Payloads(const std::string& kind, std::size_t size);

    bool empty() const { return texts_.empty(); }
    // The `number`th report of a device. Neighbouring devices have different ones.
    std::string_view of(std::size_t device, std::uint64_t number) const {
        return texts_[device % devices * each_ + number % each_];
    }

  private:
    static constexpr std::size_t devices = 32;
    std::size_t each_;
    std::vector<std::string> texts_;
};

}  // namespace load
