#pragma once
// The one place that each packet passes: what came, decoded and not yet handled, and what is to leave, before it is
// encoded. Without a tap a packet costs the test of one pointer. Loop thread only.

#include "protocol/actions.h"
#include "server/core/link.h"
#include "server/core/outgoing.h"
#include "server/mqtt/ending.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace mqtt {

// What happens to a packet that came.
struct OnArrival {
    enum class Act : std::uint8_t {
        pass,
        // As if it had never come: not handled, not answered, Keep Alive is not fed. After a CONNECT nothing else is
        // handled either, and no timeout closes; after a DISCONNECT the connection goes on.
        ignore,
        refuse,        // CONNECT only: CONNACK with `connack`, then closed; no login, session or takeover comes of it
        close_before,  // not handled, the connection ends
        close_after    // handled and committed, not answered, then the connection ends
    };
    Act act = Act::pass;
    std::uint8_t connack = 0;
    Ending ending = Ending::fin;
    std::string before, after;  // bytes that are sent beside: before the packet is handled, and behind its answers
};

// What happens to a packet that is to leave.
struct OnDeparture {
    bool withheld = false;               // never leaves; behind a withheld CONNACK nothing does, and no timeout closes
    std::optional<std::string> instead;  // these bytes in its place
    unsigned copies = 0;                 // beside it, right behind
    std::string before, after;           // whole bytes beside it
    std::chrono::milliseconds delay{0};  // leaves so much later, never before its commit
    bool overtake = false;               // what is behind it need not wait
    unsigned behind = 0;                 // leaves behind the next so many PUBLISH packets, or after `delay`
    unsigned gathers = 0;                // leaves together with the next so many packets, or what is there after
    std::chrono::milliseconds gathers_for{0};  // this, `delay` aside
    std::uint32_t held_by = 0;                 // who delays it: see PacketTap::holds()
    std::optional<Ending> close_before;        // it does not leave, the connection ends
    std::optional<Ending> close_after;         // it is the last
};

// Of a connection, at any time.
struct AtOnce {
    std::string bytes;  // sent as they are
    std::optional<Ending> ending;
};

// What is done to one connection's packets. came() and leaves() must not put on taps anew themselves (they would
// destroy this one): have it done in a turn of its own.
class PacketTap {
  public:
    virtual ~PacketTap() = default;

    // `raw`: the whole packet. A packet that breaks the protocol never comes here.
    virtual OnArrival came(const device::Link& link, const protocol::Action& packet, std::string_view raw) = 0;
    // In the order in which packets are sent; also those that the tap's own delays hold up. `gathered`: it leaves
    // together with an earlier one that `gathers`.
    virtual OnDeparture leaves(const device::Link& link, const device::Outgoing& packet, bool gathered) = 0;
    // Asked right behind the CONNACK of an accepted CONNECT, and after each TapSource change of an open connection.
    virtual AtOnce at_once(const device::Link&) { return {}; }
    // False: what waits because of `held_by` leaves at once. Asked when taps are put on anew.
    virtual bool holds(std::uint32_t) const { return true; }
};

// Where the taps come from. Outlives the sessions.
class TapSource {
  public:
    virtual ~TapSource() = default;

    // The tap of this connection, or nullptr: its packets just pass. Asked when the connection begins to speak MQTT
    // (link.state is fresh, nobody knows yet who it is: a tap where any might concern it), before a CONNACK (an
    // accepted one: link.device is set), and for every open connection when faults have changed.
    virtual std::unique_ptr<PacketTap> tap_for(const device::Link& link) = 0;
};

}  // namespace mqtt
