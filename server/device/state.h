#pragma once
// The values of a device: reports and cloud writes change them. [R37, R38, R41, R42]

#include "server/core/control_error.h"
#include "server/core/state_values.h"
#include "server/device/delivery.h"
#include "server/murano/value_format.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace device {

class State {
  public:
    State(Context& context, Recorder& recorder, Delivery& delivery)
        : context_(context), recorder_(recorder), delivery_(delivery) {}

    // A valid report of a defined alias. `historical`: it has its own timestamp, and changes the state only if that is
    // not older than the newest reported one. Returns that newer timestamp if the state is unchanged. [D8]
    std::optional<std::int64_t> report(Device& device, const murano::ResourceRules& rules, std::string_view text,
                                       std::int64_t timestamp_us, bool historical);

    // Sets values from the control side, all or none. [section 8, state PATCH]
    Failure set(Device& device, const std::vector<StateWrite>& writes, const runtime::Now& now);

    // After CONNACK: sends what the cloud set and the device has not acknowledged. [R42]
    void send_unacknowledged(Link& link, const runtime::Now& now);

    // What the cloud sees: values of defined resources only.
    std::vector<StateEntry> entries(const Device& device) const;
    std::vector<StateEntry> entries(const Connector& connector, const std::vector<storage::ValueRow>& values) const;

  private:
    ValueSlot& slot_of(Device& device, std::string_view alias);

    Context& context_;
    Recorder& recorder_;
    Delivery& delivery_;
};

}  // namespace device
