#pragma once
// The first byte selects the chunk size, the second the limit. For any input: no frame exceeds the limit, frames are
// views preceded by their header, and the chunks do not change the frames.

#include "protocol/packet_splitter.h"
#include "tests/fuzz/targets/require.h"

#include <string>
#include <string_view>
#include <vector>

namespace fuzz {

// Up to the first error, which counts as one entry.
inline std::vector<std::string> split_all(std::string_view bytes, std::size_t chunk, std::uint32_t limit) {
    std::vector<std::string> frames;
    protocol::PacketSplitter splitter(limit);
    while (!bytes.empty()) {
        const std::string block(bytes.substr(0, chunk));
        bytes.remove_prefix(block.size());
        for (std::string_view input = block;;) {
            const auto result = splitter.next(input);
            if (std::holds_alternative<protocol::NeedMore>(result)) {
                require(input.empty());
                break;
            }
            if (const auto* error = std::get_if<protocol::DecodeError>(&result)) {
                frames.emplace_back(error->message);
                return frames;
            }
            const auto& frame = std::get<protocol::Frame>(result);
            require(frame.body.size() <= limit && frame.raw.size() <= frame.body.size() + 5);
            require(frame.raw.ends_with(frame.body));
            frames.emplace_back(frame.raw);
        }
    }
    return frames;
}

inline void packet_splitter(std::string_view bytes) {
    if (bytes.size() < 2) return;
    const std::size_t chunk = 1 + static_cast<unsigned char>(bytes[0]);
    const std::uint32_t limit = 16U * static_cast<unsigned char>(bytes[1]);
    bytes.remove_prefix(2);
    require(split_all(bytes, chunk, limit) == split_all(bytes, bytes.size() + 1, limit));
}

}  // namespace fuzz
