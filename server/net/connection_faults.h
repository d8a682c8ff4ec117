#pragma once
// A connection's state while faults apply to it; see fault_plan.h.

#include "server/net/connection.h"
#include "server/net/fault_plan.h"
#include "server/net/shaped_wire.h"

#include <boost/asio/steady_timer.hpp>

namespace net {

struct Connection::Struck {
    Struck(faults::Registry& registry, const device::PeerFacts& facts, boost::asio::io_context& io)
        : plan(registry, facts), timer(io) {}

    bool stands_still() const { return plan.silent(Direction::in) || plan.stalled(); }

    FaultPlan plan;
    ShapedWire* wire = nullptr;  // owned by the transport; nullptr: the socket itself
    boost::asio::steady_timer timer;
    std::optional<FaultPlan::TimePoint> armed;  // expiry of the timer
    bool stood_still = false;                   // when last checked
    bool stalls_now = false;                    // the handshake has reached the point where it stalls
};

}  // namespace net
