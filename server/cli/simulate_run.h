#pragma once
// Simulated devices at work until somebody interrupts them, and what people see of it.

#include "server/cli/simulate_place.h"
#include "server/simulator/wire/fleet.h"

#include <iosfwd>

namespace cli {

// A line about what goes on: how many devices are logged in, what they have done, and why others are not logged in.
std::string fleet_line(const simulator::Fleet& fleet, const SimulateRequest& request);

// Blocks until SIGINT, SIGTERM or the time that was asked for. The summary goes to `out`. Exit code 0; 1 where the time
// is over and no device ever logged in.
int simulate_run(const SimulateScene& scene, const SimulateRequest& request, bool json, std::ostream& out,
                 std::ostream& err);

}  // namespace cli
