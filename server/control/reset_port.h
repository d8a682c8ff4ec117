#pragma once
// Reset of an identity, a connector, or (an empty connector) of everything.
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
    // Before a large connector is deleted or reset: see thin_out.h. Nothing to do for others.
    virtual SlicedWork<std::monostate> thin_out(std::string_view connector) = 0;
};

}  // namespace device
