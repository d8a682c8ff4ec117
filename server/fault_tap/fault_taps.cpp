#include "server/fault_tap/fault_taps.h"

#include "server/core/device.h"
#include "server/fault_tap/fault_tap.h"

#include <algorithm>

namespace fault_tap {
namespace {

// Of packets: MQTT kinds but the one of a reply's content, and a connection that closes at a packet.
bool is_of_packets(const faults::Fault& fault) {
    return fault.rule().layer == faults::Layer::mqtt ||
           (fault.kind == faults::Kind::close && fault.values.has(faults::Key::packet));
}

}  // namespace

faults::Client struck_client(const device::Link& link) {
    const bool known = link.client.connector != nullptr;
    return {.connector = link.facts.connector,
            .identity =
                link.client.device != nullptr ? std::string_view(link.client.device->row.identity) : link.provision_id,
            .client_id = link.client_id,
            .ip = link.facts.ip,
            .connection = link.facts.connection_id,
            .connected = known,
            .anonymous = known && link.client.device == nullptr};
}

std::unique_ptr<mqtt::PacketTap> FaultTaps::tap_for(const device::Link& link) {
    auto& registry = parts_.registry;
    if (registry.empty()) {
        injected_.clear();
        return nullptr;
    }
    if (link.client.connector != nullptr) parts_.connected(link);
    const auto client = struck_client(link);
    std::vector<faults::ArmedPtr> concern;
    for (const auto& armed : registry.all()) {
        // A spent one goes on holding what it holds.
        if (!armed->over() && is_of_packets(armed->fault) && armed->fault.scope.may_strike(client))
            concern.push_back(armed);
    }
    if (concern.empty()) return nullptr;
    return std::make_unique<FaultTap>(*this, std::move(concern));
}

}  // namespace fault_tap
