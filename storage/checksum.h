#pragma once
// CRC-64 (the one of XZ): finds every damage of up to 64 bits in a row, and others but for one in 10^19. Against
// accidents, not against somebody who means it.

#include <cstdint>
#include <string_view>

namespace storage {

class Checksum {
  public:
    void add(std::string_view bytes);
    std::uint64_t value() const { return ~state_; }

  private:
    std::uint64_t state_ = ~std::uint64_t{0};
};

}  // namespace storage
