#include "protocol/packet_splitter.h"

#include "protocol/errors.h"
#include "protocol/fixed_header.h"

#include <algorithm>
#include <cstddef>

namespace protocol {
namespace {

Frame make_frame(std::string_view raw, std::size_t header_size) noexcept {
    return {static_cast<std::uint8_t>(raw.front()), raw.substr(header_size), raw};
}

const DecodeError* check(const FixedHeader& header, std::uint32_t max_packet_bytes) noexcept {
    if (header.status == FixedHeader::Status::length_too_long) return &errors::length_too_long;
    const bool complete = header.status == FixedHeader::Status::complete;
    if (complete && header.remaining_length > max_packet_bytes) return &errors::packet_too_large;
    return nullptr;
}

}  // namespace

std::optional<std::uint8_t> PacketSplitter::peek(std::string_view input) noexcept {
    if (delivered_) release();
    if (!buffer_.empty()) return static_cast<std::uint8_t>(buffer_.front());
    if (!input.empty()) return static_cast<std::uint8_t>(input.front());
    return std::nullopt;
}

SplitResult PacketSplitter::next(std::string_view& input) {
    if (delivered_) release();
    return buffer_.empty() ? next_from_input(input) : next_from_buffer(input);
}

void PacketSplitter::release() noexcept {
    std::vector<char>().swap(buffer_);
    delivered_ = false;
}

SplitResult PacketSplitter::next_from_input(std::string_view& input) {
    const FixedHeader header = read_fixed_header(input);
    if (const DecodeError* error = check(header, max_packet_bytes_)) return *error;
    const std::size_t size = header.size + header.remaining_length;
    if (header.status == FixedHeader::Status::complete && input.size() >= size) {
        const std::string_view raw = input.substr(0, size);
        input.remove_prefix(size);
        return make_frame(raw, header.size);
    }
    append(input, std::max(size, input.size()));
    input = {};
    return NeedMore{};
}

SplitResult PacketSplitter::next_from_buffer(std::string_view& input) {
    FixedHeader header = read_fixed_header(buffered());
    while (header.status == FixedHeader::Status::incomplete && !input.empty()) {
        buffer_.push_back(input.front());
        input.remove_prefix(1);
        header = read_fixed_header(buffered());
    }
    if (const DecodeError* error = check(header, max_packet_bytes_)) return *error;
    if (header.status == FixedHeader::Status::incomplete) return NeedMore{};
    const std::size_t size = header.size + header.remaining_length;
    const std::size_t taken = std::min(input.size(), size - buffer_.size());
    append(input.substr(0, taken), size);
    input.remove_prefix(taken);
    if (buffer_.size() < size) return NeedMore{};
    delivered_ = true;
    return make_frame(buffered(), header.size);
}

// Doubles like any vector, but never beyond the packet's own size, and no more once it is large.
void PacketSplitter::append(std::string_view bytes, std::size_t packet_size) {
    const std::size_t needed = buffer_.size() + bytes.size();
    if (needed > buffer_.capacity()) {
        const auto wanted = needed > large_bytes ? packet_size : std::min(packet_size, 2 * buffer_.capacity());
        buffer_.reserve(std::max(needed, wanted));
    }
    buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
}

}  // namespace protocol
