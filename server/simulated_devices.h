#pragma once
// Simulated devices inside the server: on its event loop, connected through the loopback address to its own TLS port.
// Loop thread only.

#include "server/api/base/simulated_devices.h"
#include "server/control/control_port.h"
#include "server/simulator/wire/fleet.h"

#include <functional>
#include <map>
#include <memory>
#include <string>

namespace app {

class SimulatedInServer final : public api::SimulatedDevices {
  public:
    struct Parts {
        boost::asio::io_context& io;
        device::ControlPort& control;
        std::string domain;
        std::function<std::string()> ca_pem;
        std::uint64_t seed = 0;
    };
    explicit SimulatedInServer(Parts parts);

    // "0.0.0.0:8883", once the ports are open; empty: there is no TLS port.
    void use_port(const std::string& address);

    std::variant<std::vector<api::SimulatedView>, device::ControlError> start(
        const api::SimulatedOrder& order) override;
    std::vector<api::SimulatedView> list() const override;
    std::size_t stop(std::string_view connector, std::string_view identity) override;
    void stop_all() { stop({}, {}); }

  private:
    struct Name {
        std::string connector, identity;
        bool operator<(const Name& other) const {
            return std::tie(connector, identity) < std::tie(other.connector, other.identity);
        }
    };

    std::variant<std::vector<std::string>, device::ControlError> names_for(const api::SimulatedOrder& order);
    device::Failure add_resources(const api::SimulatedOrder& order);
    std::shared_ptr<const simulator::Place> place_of(const std::string& connector);
    void add(const api::SimulatedOrder& order, const std::string& identity, simulator::Misbehaviour misbehaviour);
    api::SimulatedView view_of(const Name& name, std::uint64_t number) const;

    Parts parts_;
    boost::asio::ip::tcp::endpoint endpoint_;
    std::shared_ptr<const simulator::TlsClient> tls_;  // created on demand
    simulator::Fleet fleet_;
    std::map<Name, std::uint64_t> numbers_;  // in the fleet
};

}  // namespace app
