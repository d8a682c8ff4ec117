#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace device {

// The packet that a finding is about.
struct About {
    std::string_view packet_type;  // "PUBLISH"; empty: none
    std::optional<std::uint16_t> packet_id;
    std::string_view topic;
    std::string_view claimed_identity = {};  // the identity that a refused CONNECT claimed
};

}  // namespace device
