#pragma once
// Resets an identity, a connector, or everything (empty connector).
// A part of ControlPort, which has the rules for threads and errors.

#include "server/control/sliced.h"
#include "server/core/control_error.h"

#include <string_view>
#include <variant>

namespace device {

class ResetPort {
  public:
    virtual ~ResetPort() = default;

    virtual Failure reset(std::string_view connector, std::string_view identity) = 0;
    // Call before a large connector is deleted or reset: see thin_out.h. No effect on others.
    virtual SlicedWork<std::monostate> thin_out(std::string_view connector) = 0;
};

}  // namespace device
