#pragma once
// How a fault changes the body of an answer, contrary to its head. Plain values.

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>

namespace net {

struct BodyFault {
    std::optional<std::uint64_t> cut_after;  // bytes; then the connection ends
    bool reset = false;                      // with RST
    std::optional<std::uint64_t> flip_at;    // flips a bit of this byte
    std::uint64_t bytes_per_s = 0;           // 0: no limit
    bool changed = false;                    // every byte is changed

    bool empty() const { return !cut_after && !flip_at && bytes_per_s == 0 && !changed; }

    // Size of the next piece, up to `wanted`, after `sent` bytes.
    std::uint64_t piece(std::uint64_t wanted, std::uint64_t sent) const {
        if (cut_after) wanted = std::min(wanted, *cut_after - std::min(*cut_after, sent));
        // Ten pieces a second, each of at least one byte.
        if (bytes_per_s != 0) wanted = std::min(wanted, std::max<std::uint64_t>(bytes_per_s / 10, 1));
        return wanted;
    }
    std::int64_t pause_us(std::uint64_t piece_bytes) const {
        return static_cast<std::int64_t>(piece_bytes * 1'000'000 / std::max<std::uint64_t>(bytes_per_s, 1));
    }
    void damage(std::span<char> piece, std::uint64_t sent) const {
        constexpr char other = 0x55;
        if (changed)
            std::for_each(piece.begin(), piece.end(), [](char& byte) { byte = static_cast<char>(byte ^ other); });
        if (flip_at && *flip_at >= sent && *flip_at - sent < piece.size()) {
            auto& byte = piece[static_cast<std::size_t>(*flip_at - sent)];
            byte = static_cast<char>(byte ^ 1);
        }
    }
};

}  // namespace net
