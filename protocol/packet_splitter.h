#pragma once
// Splits a byte stream into packets, in chunks of any size.
//
// A packet that is whole in the input is returned as a view of it, without a copy. Only a partial packet is kept, in a
// buffer that grows as bytes arrive (never allocated up front from the Remaining Length, never larger than the packet)
// and is freed once the packet has been handled: an idle connection holds none. One thread.

#include "protocol/decode_error.h"
#include "protocol/limits.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

namespace protocol {

struct NeedMore {};

// Views of the input or the splitter's buffer; valid until the next call and while the input's bytes live.
struct Frame {
    std::uint8_t first_byte = 0;  // type and flags
    std::string_view body;        // the part counted by the Remaining Length
    std::string_view raw;         // the whole packet
};

using SplitResult = std::variant<NeedMore, Frame, DecodeError>;

class PacketSplitter {
  public:
    explicit PacketSplitter(std::uint32_t max_packet_bytes) noexcept : max_packet_bytes_(max_packet_bytes) {}

    // Applies to packets whose header has not been read yet.
    void set_max_packet_bytes(std::uint32_t bytes) noexcept { max_packet_bytes_ = bytes; }

    // The first byte of the packet that next(input) would process; nullopt: it has not come. Frees the packet that was
    // returned last.
    std::optional<std::uint8_t> peek(std::string_view input) noexcept;

    // Consumes the bytes of one packet, or for NeedMore all of `input`. After an error the next packet cannot be found:
    // do not call again.
    SplitResult next(std::string_view& input);

    // The bytes of the incomplete packet.
    std::string_view pending() const noexcept { return delivered_ ? std::string_view{} : buffered(); }

    // Memory held now; for a large packet, whose room is reserved as a whole, the bytes that have come.
    std::size_t reserved_bytes() const noexcept {
        return buffer_.size() > large_bytes ? buffer_.size() : buffer_.capacity();
    }

    // Drops everything and frees the memory.
    void release() noexcept;

    // From this size on a packet's room is reserved as a whole, which takes addresses but no memory: moving hundreds of
    // megabytes as they arrive would delay all other clients.
    static constexpr std::size_t large_bytes = 4 * 1024 * 1024;

  private:
    SplitResult next_from_input(std::string_view& input);
    SplitResult next_from_buffer(std::string_view& input);
    void append(std::string_view bytes, std::size_t packet_size);
    std::string_view buffered() const noexcept { return {buffer_.data(), buffer_.size()}; }

    std::uint32_t max_packet_bytes_;
    bool delivered_ = false;    // buffer_ holds the packet returned last
    std::vector<char> buffer_;  // not std::string, whose reserve() may allocate twice the size
};

}  // namespace protocol
