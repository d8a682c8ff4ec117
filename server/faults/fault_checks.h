#pragma once
// What the keys of a fault say together: combinations that no fault can have. Pure.

#include "server/faults/fault.h"

#include <optional>
#include <string>

namespace faults {

struct Complaint {
    std::string key;      // where it stands
    std::string message;  // why, and what may stand there
};

std::optional<Complaint> complaint_about(const Fault& fault);

}  // namespace faults
