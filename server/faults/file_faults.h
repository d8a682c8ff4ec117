#pragma once
// The faults of a settings file. Pure.

#include "config/problems.h"
#include "config/settings.h"
#include "server/faults/fault.h"

#include <vector>

namespace faults {

// Its valid faults, with names (fault-1, … if the file gives none); mistakes become problems at their place in the
// file.
std::vector<Fault> read_file_faults(const config::ServerSettings& settings, config::Problems& problems);

}  // namespace faults
