#pragma once
// The emulator's clock of a connector; an empty connector means all connectors. Times: µs.
// A part of ControlPort, which has the rules for threads and errors.

#include "server/core/control_error.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace device {

struct ClockView {
    std::int64_t now_us = 0;
    std::int64_t offset_us = 0;
    bool frozen = false;
};
struct ClockChange {
    std::optional<std::int64_t> now_us, offset_us;  // at most one
    std::optional<bool> frozen;
};

class ClockPort {
  public:
    virtual ~ClockPort() = default;

    virtual ClockView clock(std::string_view connector) = 0;
    virtual Failure change_clock(std::string_view connector, const ClockChange& change) = 0;
    virtual Failure advance_clock(std::string_view connector, std::int64_t by_us) = 0;
    virtual void reset_clock(std::string_view connector) = 0;
};

}  // namespace device
