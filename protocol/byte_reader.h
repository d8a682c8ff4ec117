#pragma once
// Reads MQTT's basic types from the front of a view. nullopt: not enough bytes; nothing is consumed then. Views point
// into the input.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace protocol {

class ByteReader {
  public:
    explicit ByteReader(std::string_view bytes) noexcept : rest_(bytes) {}

    bool empty() const noexcept { return rest_.empty(); }
    std::string_view rest() const noexcept { return rest_; }

    std::optional<std::uint8_t> u8() noexcept {
        if (rest_.empty()) return std::nullopt;
        const auto value = byte(0);
        rest_.remove_prefix(1);
        return value;
    }

    // Two bytes, the high one first [MQTT 1.5.2].
    std::optional<std::uint16_t> u16() noexcept {
        if (rest_.size() < 2) return std::nullopt;
        const auto value = static_cast<std::uint16_t>(byte(0) << 8U | byte(1));
        rest_.remove_prefix(2);
        return value;
    }

    // A two-byte length and that many bytes.
    std::optional<std::string_view> binary() noexcept {
        if (rest_.size() < 2) return std::nullopt;
        const auto size = static_cast<std::size_t>(byte(0) << 8U | byte(1));
        if (rest_.size() - 2 < size) return std::nullopt;
        const auto value = rest_.substr(2, size);
        rest_.remove_prefix(2 + size);
        return value;
    }

  private:
    std::uint8_t byte(std::size_t index) const noexcept { return static_cast<std::uint8_t>(rest_[index]); }

    std::string_view rest_;
};

}  // namespace protocol
