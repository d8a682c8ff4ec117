#pragma once
// Faults of the packet layer on live connections: makes the taps, and selects the faults for each connection. Loop
// thread only.

#include "server/faults/registry.h"
#include "server/mqtt/packet_tap.h"

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

namespace fault_tap {

class FaultTaps : public mqtt::TapSource {
  public:
    struct Parts {
        faults::Registry& registry;
        // The identity that a CONNECT claims, before the login is judged; empty: an anonymous client.
        std::function<std::string(const device::Link&, const protocol::Connect&)> claimed;
        std::function<faults::TimePoint()> now;
        // A connection's CONNECT is accepted: faults that begin after it may begin.
        std::function<void(const device::Link&)> connected;
    };
    explicit FaultTaps(Parts parts) : parts_(std::move(parts)) {}

    std::unique_ptr<mqtt::PacketTap> tap_for(const device::Link& link) override;

    faults::Registry& registry() { return parts_.registry; }
    std::string claimed(const device::Link& link, const protocol::Connect& connect) const {
        return parts_.claimed(link, connect);
    }
    faults::TimePoint now() const { return parts_.now(); }
    // True once per fault and connection: the fault may send its bytes there.
    bool injects_first(std::uint32_t fault, const std::string& connection) {
        auto& had = injected_[fault];
        if (had.size() >= most_remembered) had.clear();
        return had.insert(connection).second;
    }

  private:
    static constexpr std::size_t most_remembered = 100'000;  // connections per fault; beyond that it may repeat itself

    Parts parts_;
    std::map<std::uint32_t, std::set<std::string>> injected_;  // by fault: connections that received its bytes at once
};

faults::Client struck_client(const device::Link& link);

}  // namespace fault_tap
