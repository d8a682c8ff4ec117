#pragma once
// A session's state while a fault applies to it; otherwise the session holds a null pointer.

#include "server/mqtt/late_packets.h"
#include "server/mqtt/session.h"

#include <memory>
#include <optional>

namespace mqtt {

struct Session::Tapped {
    std::unique_ptr<PacketTap> tap;
    LatePackets late;
    std::optional<Ending> ending;                // due when the current packet is handled
    std::optional<device::CloseReason> closing;  // when the last late packet has left
    bool answers_nothing = false;                // what is being handled is not to be answered
    bool sends_nothing = false;                  // any more: behind a withheld CONNACK, or the last packet
    bool silent = false;                         // CONNECT or CONNACK never was: no timeout closes
    bool refused = false;                        // and not closed yet: what comes is seen and not handled

    bool idle() const {
        return tap == nullptr && late.empty() && !ending && !answers_nothing && !sends_nothing && !silent && !refused;
    }
};

}  // namespace mqtt
