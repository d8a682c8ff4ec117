#pragma once
// Combinations of keys that no fault can have. Pure.

#include "server/faults/fault.h"

#include <optional>
#include <string>

namespace faults {

struct Complaint {
    std::string key;      // the key to change
    std::string message;  // what is wrong, and what is allowed
};

std::optional<Complaint> complaint_about(const Fault& fault);

}  // namespace faults
