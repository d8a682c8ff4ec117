#pragma once
// Runs simulated devices until interrupted, and prints their progress.

#include "server/cli/simulate_place.h"
#include "server/simulator/wire/fleet.h"

#include <iosfwd>

namespace cli {

// A line of progress: how many devices are logged in, what they have done, and why others are not logged in.
std::string fleet_line(const simulator::Fleet& fleet, const SimulateRequest& request);

// Blocks until SIGINT, SIGTERM or the requested time. The summary goes to `out`. Exit code 0; 1 if the time is over and
// no device ever logged in.
int simulate_run(const SimulateScene& scene, const SimulateRequest& request, bool json, std::ostream& out,
                 std::ostream& err);

}  // namespace cli
