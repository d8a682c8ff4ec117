#pragma once
// The input is one packet. Describing it never fails; masking keeps its length, is complete after one pass, and leaves
// no password if the packet is readable.

#include "protocol/describe.h"
#include "tests/fuzz/targets/require.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace fuzz {

inline bool only_stars(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c == '*'; });
}

inline void describe(std::string_view bytes) {
    const auto before = protocol::describe_packet(bytes);
    const std::string masked = protocol::mask_secrets(std::string(bytes));
    require(masked.size() == bytes.size());
    require(protocol::mask_secrets(masked) == masked);
    const auto after = protocol::describe_packet(masked);
    require(before.type == after.type);
    if (after.connect && !after.malformed) require(only_stars(after.connect->password.value_or("")));
    if (before.type == protocol::PacketType::publish && before.topic.starts_with("$provision/")) {
        require(only_stars(after.payload));
    }
}

}  // namespace fuzz
