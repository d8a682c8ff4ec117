#pragma once
// The request to `simulate`: which devices, how they behave, and where they connect.

#include "config/read_environment.h"
#include "server/cli/client_options.h"
#include "server/simulator/misbehaviour.h"
#include "server/simulator/profile.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace cli {

// Where the devices connect, as far as given. The server's control API supplies what is empty.
struct DevicePlace {
    std::string host;     // sent in SNI and compared with the certificate
    std::string address;  // the server's, if the name does not resolve to it
    std::string port;
    std::string ca_file;
    bool plain = false;

    // The control API is not needed: any MQTT server will do.
    bool is_complete() const { return !host.empty() && (plain || !ca_file.empty()); }
};

struct SimulateRequest {
    std::size_t count = 1;
    std::string identity = "simulated";  // of a single device; several get "-1" and so on appended, or in place of {}
    simulator::ProfilePtr profile;
    std::vector<simulator::Misbehaviour> misbehaviours;  // distributed over the devices; empty: none
    std::optional<simulator::Span> time;                 // nullopt: until interrupted
    std::uint64_t seed = 1;
    std::string token;                              // of a single device
    std::optional<std::string> username, password;  // of all devices: they do not provision
    bool subscribes = false;
    bool adds_resources = true;  // adds resources that the connector lacks
    std::string print_profile;   // prints this profile and does nothing else
    DevicePlace place;

    std::string identity_of(std::size_t number) const;  // from 0
    simulator::Misbehaviour misbehaviour_of(std::size_t number) const;
};

std::span<const OptionSpec> simulate_options();

// Throws UsageError with the mistake, its place, and what is allowed.
SimulateRequest read_simulate_request(const ClientOptions& options, const config::Environment& environment);

}  // namespace cli
