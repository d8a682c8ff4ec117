#pragma once
// A guest on a session of its own: what it sends goes the way of every device's packets, and what it is sent is
// dropped. Loop thread only.

#include "server/core/guest.h"
#include "server/mqtt/session.h"

namespace mqtt {

// `services` outlive it; their observer sees the guest as it sees a device.
std::unique_ptr<device::Guest> invite(const device::GuestLogin& login, SessionServices& services);

}  // namespace mqtt
