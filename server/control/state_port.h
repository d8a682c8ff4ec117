#pragma once
// One device as the cloud sees it: its values, and messages to it.
// A part of ControlPort, which has the rules for threads and errors.

#include "server/core/control_error.h"
#include "server/core/state_values.h"

#include <optional>
#include <string_view>
#include <vector>

namespace device {

class StatePort {
  public:
    virtual ~StatePort() = default;

    virtual std::optional<std::vector<StateEntry>> state(std::string_view connector,
                                                         std::string_view identity) = 0;  // nullopt: unknown identity
    virtual Failure set_state(std::string_view connector, std::string_view identity,
                              const std::vector<StateWrite>& writes) = 0;  // all or nothing
    virtual Failure publish(std::string_view connector, std::string_view identity, std::string_view topic,
                            std::string_view payload) = 0;
};

}  // namespace device
