#pragma once
// Wake-ups to the millisecond, for the few that need them. Others use the server's coarse timers, which are cheaper for
// many connections. Loop thread only.

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

    // Wakes once, at `time`, or in another turn if that is past; a later call for the same key moves it.
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
