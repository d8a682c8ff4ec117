#pragma once
// What `simulate` was asked for: which devices, how they behave, and where they go.

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

// Where the devices connect to, as far as somebody said so. What is empty, the control API of the server tells.
struct DevicePlace {
    std::string host;     // said in SNI, and looked for in the certificate
    std::string address;  // of the server, where the name does not lead there
    std::string port;
    std::string ca_file;
    bool plain = false;

    // Nothing has to be asked for: any MQTT server will do.
    bool is_complete() const { return !host.empty() && (plain || !ca_file.empty()); }
};

struct SimulateRequest {
    std::size_t count = 1;
    std::string identity = "simulated";  // of one device; of several "-1" and so on behind it, or in the place of {}
    simulator::ProfilePtr profile;
    std::vector<simulator::Misbehaviour> misbehaviours;  // the devices share them out; empty: none
    std::optional<simulator::Span> time;                 // nothing: until it is interrupted
    std::uint64_t seed = 1;
    std::string token;                              // of the only device
    std::optional<std::string> username, password;  // of all of them: they do not provision
    bool subscribes = false;
    bool adds_resources = true;  // those that the connector does not have
    std::string print_profile;   // only print this one
    DevicePlace place;

    std::string identity_of(std::size_t number) const;  // from 0
    simulator::Misbehaviour misbehaviour_of(std::size_t number) const;
};

std::span<const OptionSpec> simulate_options();

// Throws UsageError with what was wrong, where, and what may stand there.
SimulateRequest read_simulate_request(const ClientOptions& options, const config::Environment& environment);

}  // namespace cli
