#pragma once
// The first two to five bytes of every packet [MQTT 2.2].

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace protocol {

struct FixedHeader {
    enum class Status : std::uint8_t { complete, incomplete, length_too_long };
    Status status = Status::incomplete;
    std::uint32_t remaining_length = 0;
    std::size_t size = 0;  // of the header
};

// [MQTT-2.2.3]: at most four length bytes, seven bits each, low ones first. A fourth with the continuation bit is
// length_too_long, without waiting for the fifth.
FixedHeader read_fixed_header(std::string_view bytes) noexcept;

}  // namespace protocol
