#pragma once
// Where simulated devices go: what the command line says, and what the control API of the server tells.

#include "server/cli/simulate_request.h"
#include "server/simulator/wire/stream.h"

#include <functional>
#include <iosfwd>
#include <map>
#include <memory>
#include <string>

namespace cli {

struct SimulateScene {
    std::shared_ptr<const simulator::Place> place;
    std::string words;              // "127.0.0.1:8883 as local.m2.exosite.io", for people
    bool chooses_password = false;  // the connector's devices have passwords
    // Tokens or passwords of devices that were here before, by identity.
    std::map<std::string, std::string, std::less<>> known = {};
};

// Adds the profile's resources to the connector where the request allows it, and says so. Throws std::runtime_error
// with a sentence where the server cannot be asked, the name leads nowhere, or the connector wants certificates.
SimulateScene simulate_scene(const ClientOptions& options, const SimulateRequest& request, std::ostream& err);

}  // namespace cli
