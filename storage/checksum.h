#pragma once
// CRC-64 (as in XZ): finds all damage of up to 64 bits in a row, and other damage but for one case in 10^19. Against
// accidents, not against attackers.

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
