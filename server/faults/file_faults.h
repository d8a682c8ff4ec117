#pragma once
// The faults of a settings file. Pure.

#include "config/problems.h"
#include "config/settings.h"
#include "server/faults/fault.h"

#include <vector>

namespace faults {

// Those that are well described, with names (fault-1, … where the file gives none); mistakes are problems at their
// place in the file.
std::vector<Fault> read_file_faults(const config::ServerSettings& settings, config::Problems& problems);

}  // namespace faults
