#pragma once
// The properties of a packet that faults examine: type, topics, payload. Pure.

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
    std::string_view type;  // "PUBACK"; empty: not one that a fault can name
    std::vector<std::string_view> topics;
    std::string_view payload;
    std::optional<std::uint16_t> id;

    std::string_view topic() const { return topics.empty() ? std::string_view() : topics.front(); }
    std::string name() const;  // "PUBACK 17"
};

AboutPacket about(const protocol::Action& packet);
AboutPacket about(const device::Outgoing& packet);

// Whether the fault's `packet`, `topic` and `match` fit. `otherwise`: used if its values have no `packet`.
bool fits(const faults::Fault& fault, const AboutPacket& packet, std::string_view otherwise = {});

}  // namespace fault_tap
