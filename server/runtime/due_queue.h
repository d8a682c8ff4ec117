#pragma once
// Timers as values: deadlines by key, polled with the time as an argument. One thread.
//
// Made for Keep Alive, where a deadline moves with every packet. Do not reschedule then: let the entry come due at its
// old deadline, and have the callback return the owner's own deadline. A packet then costs nothing, and an idle
// connection one callback per Keep Alive. [MQTT-3.1.2-24]

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <unordered_map>

namespace runtime {

class DueQueue {
  public:
    using Key = std::uint64_t;
    using TimePoint = std::chrono::steady_clock::time_point;
    // Returns the next deadline of the same key, or nullopt when the key is done. May call schedule() and cancel().
    using Callback = std::function<std::optional<TimePoint>(Key)>;

    // Sets the key's only deadline, O(log n).
    void schedule(Key key, TimePoint deadline);

    // False: the key had no deadline. O(log n).
    bool cancel(Key key);

    // Calls back for every key whose deadline is at or before `now`, earliest first, each at most once: a deadline set
    // meanwhile that is already due waits for the next call, so that the loop always ends. Returns the number of calls.
    // Must not be called from the callback.
    std::size_t pop_due(TimePoint now, const Callback& callback);

    // When pop_due() has something to do; nullopt: the queue is empty.
    std::optional<TimePoint> next_deadline() const;

    std::size_t size() const { return by_key_.size(); }

  private:
    using ByTime = std::multimap<TimePoint, Key>;

    TimePoint not_before_pass(TimePoint deadline) const;

    ByTime by_time_;
    std::unordered_map<Key, ByTime::iterator> by_key_;
    std::optional<TimePoint> pass_;  // the `now` of the running pop_due()
};

}  // namespace runtime
