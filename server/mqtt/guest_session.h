#pragma once
// A guest with its own session: its packets take the same way as every device's, and packets sent to it are dropped.
// Loop thread only.

#include "server/core/guest.h"
#include "server/mqtt/session.h"

namespace mqtt {

// `services` outlive the guest; their observer sees it as a device.
std::unique_ptr<device::Guest> invite(const device::GuestLogin& login, SessionServices& services);

}  // namespace mqtt
