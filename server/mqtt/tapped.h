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
    bool answers_nothing = false;                // the current packet gets no answer
    bool sends_nothing = false;  // nothing leaves any more: after a withheld CONNACK, or the last packet
    bool silent = false;         // CONNECT or CONNACK was suppressed: no timeout closes

    bool idle() const {
        return tap == nullptr && late.empty() && !ending && !answers_nothing && !sends_nothing && !silent;
    }
};

}  // namespace mqtt
