#pragma once
// What an MQTT session needs of its connection. net implements it with a socket, tests without one.

#include "server/core/close_reason.h"
#include "server/core/peer.h"
#include "server/mqtt/ending.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mqtt {

// Loop thread only.
class Wire {
  public:
    using TimePoint = std::chrono::steady_clock::time_point;

    virtual ~Wire() = default;

    // Appends `head`, then `body` (both copied). They leave in order, once `gate` is committed.
    virtual void send(std::string_view head, std::string_view body, device::Gate gate) = 0;
    virtual std::size_t waiting_bytes() const = 0;  // for the commit or for the socket
    // What traffic().bytes_out will be when all that send() took has gone to the socket.
    virtual std::uint64_t promised_bytes() const = 0;
    // Sends what is waiting, then closes: as the server does for reasons of its own, or in the way that a fault wants.
    virtual void close(device::CloseReason reason) = 0;
    virtual void end(Ending ending) = 0;

    virtual TimePoint now() const = 0;
    virtual TimePoint opened() const = 0;
    virtual device::PeerTraffic& traffic() = 0;
    virtual void deadline_changed() = 0;  // it is earlier than before
    virtual void wake_at(
        TimePoint time) = 0;               // Session::on_wake() at that time, to the millisecond; the last call counts
    virtual void logged_in() = 0;          // a device has, with its credential
    virtual void read_after_commit() = 0;  // after a giant packet: reads nothing more before its commit
};

}  // namespace mqtt
