#pragma once
// Wake-ups to the millisecond, for the few who need that. What may be late belongs to the server's coarse timers, which
// are cheaper with many connections. Loop thread only.

#include "server/runtime/due_queue.h"

#include <functional>
#include <optional>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace net {

class ExactTimers {
  public:
    using Key = runtime::DueQueue::Key;
    using TimePoint = runtime::DueQueue::TimePoint;

    ExactTimers(boost::asio::io_context& io, std::function<void(Key)> due) : timer_(io), due_(std::move(due)) {}

    // Once, at `time` or in a turn of its own where that is past; a later call for the same key moves it.
    void schedule(Key key, TimePoint time);
    void cancel(Key key) { queue_.cancel(key); }

  private:
    void arm();
    void run();

    boost::asio::steady_timer timer_;
    std::function<void(Key)> due_;
    runtime::DueQueue queue_;
    std::optional<TimePoint> armed_;
    bool running_ = false;
};

}  // namespace net
