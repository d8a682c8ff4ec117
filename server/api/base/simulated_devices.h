#pragma once
// Simulated devices inside the server, as the calls see them. Loop thread only.

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
    std::string identity;  // of one device; of several "-1" and so on behind it; empty: the server finds names
    std::size_t count = 1;
    simulator::ProfilePtr profile;
    std::vector<simulator::Misbehaviour> misbehaviours = {};  // the devices share them out
};

struct SimulatedView {
    std::string connector, identity, profile, misbehaviour;
    bool logged_in = false;
    std::uint64_t reports = 0;   // acknowledged
    std::uint64_t settings = 0;  // applied and reported back
    std::uint64_t failures = 0;  // attempts and connections that ended without being asked
    std::string last_failure;    // empty: none yet
};

class SimulatedDevices {
  public:
    virtual ~SimulatedDevices() = default;

    // At a time, on all connectors together.
    static constexpr std::size_t most = 100;

    // Those that were started; they log in by and by. 409 where there would be more than `most`, a device is simulated
    // already, or the server has no TLS port for devices.
    virtual std::variant<std::vector<SimulatedView>, device::ControlError> start(const SimulatedOrder& order) = 0;
    virtual std::vector<SimulatedView> list() const = 0;
    // Those of this connector and this identity; empty: all. How many they were.
    virtual std::size_t stop(std::string_view connector, std::string_view identity) = 0;
};

}  // namespace api
