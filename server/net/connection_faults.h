#pragma once
// What a connection keeps where a fault concerns it; see fault_plan.h for what they are.

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
    ShapedWire* wire = nullptr;  // the transport's; nullptr: the socket itself
    boost::asio::steady_timer timer;
    std::optional<FaultPlan::TimePoint> armed;  // when the timer goes off
    bool stood_still = false;                   // at the last look
    bool stalls_now = false;                    // the handshake has come to where it stands still
};

}  // namespace net
