#include "server/net/exact_timers.h"

namespace net {

void ExactTimers::schedule(Key key, TimePoint time) {
    queue_.schedule(key, time);
    if (!running_) arm();
}

void ExactTimers::arm() {
    const auto next = queue_.next_deadline();
    if (!next || (armed_ && *armed_ <= *next)) return;
    armed_ = next;
    timer_.expires_at(*next);
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (!error) run();
    });
}

void ExactTimers::run() {
    armed_.reset();
    running_ = true;
    queue_.pop_due(boost::asio::steady_timer::clock_type::now(), [this](Key key) {
        due_(key);
        return std::nullopt;
    });
    running_ = false;
    arm();
}

}  // namespace net
