#pragma once
// Activation windows: a whitelisted identity that has not provisioned by auth.expire becomes expired. [R55]

#include "server/core/device_table.h"
#include "server/device/lifecycle.h"

namespace device {

class Expiry {
  public:
    Expiry(Context& context, DeviceTable& table, Lifecycle& lifecycle)
        : context_(context), table_(table), lifecycle_(lifecycle) {}

    // Expires every identity that is due by its connector's clock. Called every second, and after the clock was moved.
    void run();

  private:
    Context& context_;
    DeviceTable& table_;
    Lifecycle& lifecycle_;
};

}  // namespace device
