#pragma once
// Simulated devices inside the server, as the API calls see them. Loop thread only.

#include "server/core/control_error.h"
#include "server/simulator/misbehaviour.h"
#include "server/simulator/profile.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace api {

struct SimulatedOrder {
    std::string connector;
    std::string identity;  // of a single device; several get "-1" and so on appended; empty: the server chooses names
    std::size_t count = 1;
    simulator::ProfilePtr profile;
    std::vector<simulator::Misbehaviour> misbehaviours = {};  // distributed over the devices
};

struct SimulatedView {
    std::string connector, identity, profile, misbehaviour;
    bool logged_in = false;
    std::uint64_t reports = 0;   // acknowledged
    std::uint64_t settings = 0;  // applied and reported back
    std::uint64_t failures = 0;  // attempts and connections that ended unasked
    std::string last_failure;    // empty: none yet
};

class SimulatedDevices {
  public:
    virtual ~SimulatedDevices() = default;

    // At the same time, over all connectors.
    static constexpr std::size_t most = 100;

    // Starts devices and returns them; they log in over time. 409 if there would be more than `most`, a device is
    // already simulated, or the server has no TLS port for devices.
    virtual std::variant<std::vector<SimulatedView>, device::ControlError> start(const SimulatedOrder& order) = 0;
    virtual std::vector<SimulatedView> list() const = 0;
    // Stops the devices of this connector and identity; empty: all. Returns their number.
    virtual std::size_t stop(std::string_view connector, std::string_view identity) = 0;
};

}  // namespace api
