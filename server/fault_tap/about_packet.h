#pragma once
// What a fault looks at in a packet: its type, its topics, its payload. Pure.

#include "protocol/actions.h"
#include "server/core/outgoing.h"
#include "server/faults/fault.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fault_tap {

struct AboutPacket {
    std::string_view type;  // "PUBACK"; empty: none that a fault may name
    std::vector<std::string_view> topics;
    std::string_view payload;
    std::optional<std::uint16_t> id;

    std::string_view topic() const { return topics.empty() ? std::string_view() : topics.front(); }
    std::string name() const;  // "PUBACK 17"
};

AboutPacket about(const protocol::Action& packet);
AboutPacket about(const device::Outgoing& packet);

// Whether the fault's `packet`, `topic` and `match` fit. `packet` is taken from the values, or is `otherwise`.
bool fits(const faults::Fault& fault, const AboutPacket& packet, std::string_view otherwise = {});

}  // namespace fault_tap
