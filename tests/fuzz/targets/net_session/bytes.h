#pragma once
// The fuzzer's input, consumed byte by byte as choices. After its end all bytes are 0.

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace fuzz::session {

class Bytes {
  public:
    explicit Bytes(std::string_view input) : rest_(input) {}

    bool empty() const { return rest_.empty(); }
    std::uint8_t next() {
        if (rest_.empty()) return 0;
        const auto byte = static_cast<std::uint8_t>(rest_.front());
        rest_.remove_prefix(1);
        return byte;
    }
    bool flag() { return (next() & 1U) != 0; }
    std::size_t below(std::size_t count) { return next() % count; }
    template <typename List>
    const auto& one_of(const List& list) {
        return list[below(std::size(list))];
    }
    std::string_view take(std::size_t most) {
        const auto taken = rest_.substr(0, most);
        rest_.remove_prefix(taken.size());
        return taken;
    }

  private:
    std::string_view rest_;
};

}  // namespace fuzz::session
