#pragma once
// Where simulated devices connect: from the command line and the server's control API.

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
    // Tokens or passwords of devices that exist already, by identity.
    std::map<std::string, std::string, std::less<>> known = {};
};

// Adds the profile's resources to the connector if the request allows it, and prints that. Throws std::runtime_error
// with a sentence if the server cannot be asked, the name does not resolve, or the connector requires certificates.
SimulateScene simulate_scene(const ClientOptions& options, const SimulateRequest& request, std::ostream& err);

}  // namespace cli
