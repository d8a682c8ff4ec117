#pragma once
// Appends MQTT's basic types to a string owned by the caller.

#include <cstdint>
#include <string>
#include <string_view>

namespace protocol {

class ByteWriter {
  public:
    explicit ByteWriter(std::string& out) noexcept : out_(out) {}

    void u8(std::uint8_t value) { out_.push_back(static_cast<char>(value)); }

    void u16(std::uint16_t value) {
        u8(static_cast<std::uint8_t>(value >> 8U));
        u8(static_cast<std::uint8_t>(value & 0xFFU));
    }

    // Precondition: value <= largest_remaining_length [MQTT-2.2.3].
    void remaining_length(std::uint32_t value) {
        while (value >= 0x80U) {
            u8(static_cast<std::uint8_t>((value & 0x7FU) | 0x80U));
            value >>= 7U;
        }
        u8(static_cast<std::uint8_t>(value));
    }

    // Precondition: at most 65,535 bytes.
    void binary(std::string_view bytes) {
        u16(static_cast<std::uint16_t>(bytes.size()));
        out_.append(bytes);
    }

  private:
    std::string& out_;
};

}  // namespace protocol
