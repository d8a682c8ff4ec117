#pragma once
// The one point that each packet passes: an incoming one decoded but not handled, an outgoing one not yet encoded.
// Without a tap a packet costs the test of one pointer. Loop thread only.

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

// What happens to an incoming packet.
struct OnArrival {
    enum class Act : std::uint8_t {
        pass,
        // As if it had not come: not handled, not answered, no Keep Alive credit. After an ignored CONNECT nothing else
        // is handled and no timeout closes; after an ignored DISCONNECT the connection continues.
        ignore,
        // CONNECT only: CONNACK with `connack`, after `delay`, closed `stay` behind it; no login, session or takeover
        // comes of it. What comes meanwhile is seen and not handled, and no timeout closes.
        refuse,
        close_before,  // not handled, the connection ends
        close_after    // handled and committed, not answered, then the connection ends
    };
    Act act = Act::pass;
    std::uint8_t connack = 0;
    std::chrono::milliseconds delay{0}, stay{0};
    Ending ending = Ending::fin;
    std::string before, after;  // bytes sent in addition: before the packet is handled, and after its answers
};

// What happens to an outgoing packet.
struct OnDeparture {
    bool withheld = false;               // never leaves; after a withheld CONNACK nothing leaves and no timeout closes
    std::optional<std::string> instead;  // bytes sent in its place
    unsigned copies = 0;                 // additional ones, right after it
    std::string before, after;           // bytes sent in addition
    std::chrono::milliseconds delay{0};  // added to its time of leaving, which is never before its commit
    bool overtake = false;               // later packets need not wait for it
    unsigned behind = 0;                 // leaves after so many later PUBLISH packets, or after `delay`
    unsigned gathers = 0;                // leaves together with so many later packets, or with fewer
    std::chrono::milliseconds gathers_for{0};  // after this time, not counting `delay`
    std::uint32_t held_by = 0;                 // the fault that delays it: see PacketTap::holds()
    std::optional<Ending> close_before;        // it does not leave; the connection ends
    std::optional<Ending> close_after;         // it is the last one
};

// What a tap does to a connection at once, without a packet.
struct AtOnce {
    std::string bytes;  // sent as they are
    std::optional<Ending> ending;
};

// Acts on one connection's packets. came() and leaves() must not have taps put on anew (that destroys this tap) except
// in a later turn.
class PacketTap {
  public:
    virtual ~PacketTap() = default;

    // `raw`: the whole packet. Packets that break the protocol are not passed in.
    virtual OnArrival came(const device::Link& link, const protocol::Action& packet, std::string_view raw) = 0;
    // Called in the order in which packets are sent, also for packets that the tap's own delays hold up. `gathered`: it
    // leaves together with an earlier one that `gathers`.
    virtual OnDeparture leaves(const device::Link& link, const device::Outgoing& packet, bool gathered) = 0;
    // Called right after the CONNACK of an accepted CONNECT, and after each TapSource change on an open connection.
    virtual AtOnce at_once(const device::Link&) { return {}; }
    // False: packets with this `held_by` leave at once. Called when taps are put on anew.
    virtual bool holds(std::uint32_t) const { return true; }
};

// Where the taps come from. Outlives the sessions.
class TapSource {
  public:
    virtual ~TapSource() = default;

    // The tap of this connection, or nullptr: its packets just pass. Asked when the connection begins to speak MQTT
    // (link.state is fresh, nobody knows yet who it is: a tap where any might concern it), before a CONNACK (an
    // accepted one: its client has a device), and for every open connection when faults have changed.
    virtual std::unique_ptr<PacketTap> tap_for(const device::Link& link) = 0;
};

}  // namespace mqtt
