#pragma once
// What a session keeps while a fault has to do with it. Without one it keeps a null pointer.

#include "server/mqtt/late_packets.h"
#include "server/mqtt/session.h"

#include <memory>
#include <optional>

namespace mqtt {

struct Session::Tapped {
    std::unique_ptr<PacketTap> tap;
    LatePackets late;
    std::optional<Ending> ending;                // due as soon as what is being done is done
    std::optional<device::CloseReason> closing;  // when the last late packet has left
    bool answers_nothing = false;                // what is being handled is not to be answered
    bool sends_nothing = false;                  // any more: behind a withheld CONNACK, or the last packet
    bool silent = false;                         // CONNECT or CONNACK never was: no timeout closes

    bool idle() const {
        return tap == nullptr && late.empty() && !ending && !answers_nothing && !sends_nothing && !silent;
    }
};

}  // namespace mqtt
