#pragma once
// Packets that a fault delays, in the order in which they were sent. Pure: no socket, no clock. One thread.

#include "server/core/peer.h"
#include "server/mqtt/ending.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>

namespace mqtt {

class LatePackets {
  public:
    using TimePoint = std::chrono::steady_clock::time_point;

    struct Packet {
        std::string bytes;  // a whole packet, or bytes that a fault adds
        device::Gate gate = 0;
        TimePoint due{};                 // earliest time to leave
        bool overtake = false;           // later packets need not wait for it
        unsigned behind = 0;             // leaves after so many later PUBLISH packets, or at `due`
        unsigned gathers = 0;            // leaves together with so many later packets, or at `due`
        TimePoint ready{};               // gathers: not before this either
        bool together = false;           // it gathers, or is gathered
        std::uint32_t held_by = 0;       // the fault that holds it; 0: it waits only for earlier packets
        bool beside = false;             // added by a fault: in no trace and no counter
        std::optional<Ending> ending{};  // the connection ends after it
        std::uint64_t number = 0;        // set by add()
    };

    void add(Packet packet);
    // The next packet that may leave at `now`.
    std::optional<Packet> next(TimePoint now);
    // When next() has one.
    std::optional<TimePoint> wake() const;
    // True: a packet added now leaves together with an earlier one that gathers.
    bool gathers() const;
    // The PUBLISH with this number has left.
    void publish_left(std::uint64_t number);
    // Makes packets due whose `held_by` holds nothing any more.
    void release(const std::function<bool(std::uint32_t held_by)>& holds);
    void clear();

    bool empty() const { return packets_.empty(); }
    std::size_t bytes() const { return bytes_; }  // memory, approximate

  private:
    using Place = std::deque<Packet>::iterator;
    void leave_together(const Place& first, TimePoint now);

    std::deque<Packet> packets_;
    std::size_t bytes_ = 0;
    std::uint64_t next_number_ = 1;
};

}  // namespace mqtt
