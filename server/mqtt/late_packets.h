#pragma once
// Packets that a fault holds back, in the order in which they were sent. Pure: no socket, no clock. One thread.

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
        std::string bytes;  // a whole packet, or what a fault sends beside it
        device::Gate gate = 0;
        TimePoint due{};            // not before
        bool overtake = false;      // what is behind it need not wait
        unsigned behind = 0;        // leaves when so many later PUBLISH packets have left, if that is before `due`
        unsigned gathers = 0;       // leaves when so many later packets are there, with them, if that is before `due`
        TimePoint ready{};          // gathers: and not before this
        bool together = false;      // it gathers, or did
        std::uint32_t held_by = 0;  // 0: nobody, it waits for those before it
        bool beside = false;        // no packet of the server's: in no trace and no counter
        std::optional<Ending> ending{};  // the connection ends behind it
        std::uint64_t number = 0;        // set by add()
    };

    void add(Packet packet);
    // The next one that may leave at `now`.
    std::optional<Packet> next(TimePoint now);
    // When next() has one.
    std::optional<TimePoint> wake() const;
    // What is added now leaves together with one that gathers.
    bool gathers() const;
    // A PUBLISH of this number has left.
    void publish_left(std::uint64_t number);
    // Those whose `held_by` holds nothing any more are due at once.
    void release(const std::function<bool(std::uint32_t held_by)>& holds);
    void clear();

    bool empty() const { return packets_.empty(); }
    std::size_t bytes() const { return bytes_; }  // memory, about

  private:
    using Place = std::deque<Packet>::iterator;
    void leave_together(const Place& first, TimePoint now);

    std::deque<Packet> packets_;
    std::size_t bytes_ = 0;
    std::uint64_t next_number_ = 1;
};

}  // namespace mqtt
