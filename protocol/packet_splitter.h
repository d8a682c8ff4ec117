#pragma once
// Cuts a byte stream into packets, whatever chunks it comes in.
//
// A packet that lies whole in the input is returned as a view of it, without a copy. Only a partial packet is kept, in
// a buffer that grows as bytes arrive (at first never taken up front from the Remaining Length, never larger than the
// packet) and is given back once its packet has been handled: an idle connection holds none. One thread.

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

// Views of the input or of the splitter's buffer; valid until the next call and while the input's bytes live.
struct Frame {
    std::uint8_t first_byte = 0;  // type and flags
    std::string_view body;        // what the Remaining Length counts
    std::string_view raw;         // the whole packet
};

using SplitResult = std::variant<NeedMore, Frame, DecodeError>;

class PacketSplitter {
  public:
    explicit PacketSplitter(std::uint32_t max_packet_bytes) noexcept : max_packet_bytes_(max_packet_bytes) {}

    // Holds for the packets whose header has not been read yet.
    void set_max_packet_bytes(std::uint32_t bytes) noexcept { max_packet_bytes_ = bytes; }

    // The first byte of the packet that next(input) would work on; nullopt: no byte of it has come. Frees the packet
    // that was returned last.
    std::optional<std::uint8_t> peek(std::string_view input) noexcept;

    // Takes bytes off the front of `input`: those of one packet, or all of it for NeedMore. After an error there is no
    // way to find the next packet: do not call again.
    SplitResult next(std::string_view& input);

    // The bytes of the packet that is not complete yet.
    std::string_view pending() const noexcept { return delivered_ ? std::string_view{} : buffered(); }

    // Memory held at the moment; of a large packet, whose room is set aside as a whole, what has come of it.
    std::size_t reserved_bytes() const noexcept {
        return buffer_.size() > large_bytes ? buffer_.size() : buffer_.capacity();
    }

    // Forgets everything and gives the memory back.
    void release() noexcept;

    // From here on a packet's room is set aside as a whole, which takes addresses and no memory: to move hundreds of
    // megabytes while they come would hold up all others.
    static constexpr std::size_t large_bytes = 4 * 1024 * 1024;

  private:
    SplitResult next_from_input(std::string_view& input);
    SplitResult next_from_buffer(std::string_view& input);
    void append(std::string_view bytes, std::size_t packet_size);
    std::string_view buffered() const noexcept { return {buffer_.data(), buffer_.size()}; }

    std::uint32_t max_packet_bytes_;
    bool delivered_ = false;    // buffer_ holds the packet that was returned last
    std::vector<char> buffer_;  // not std::string, whose reserve() may take twice what it is asked for
};

}  // namespace protocol
