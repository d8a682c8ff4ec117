#include "server/runtime/due_queue.h"

#include <algorithm>
#include <utility>

namespace runtime {

DueQueue::TimePoint DueQueue::not_before_pass(TimePoint deadline) const {
    if (!pass_) return deadline;
    return std::max(deadline, *pass_ + TimePoint::duration(1));
}

void DueQueue::schedule(Key key, TimePoint deadline) {
    deadline = not_before_pass(deadline);
    const auto known = by_key_.find(key);
    if (known == by_key_.end()) {
        by_key_.emplace(key, by_time_.emplace(deadline, key));
        return;
    }
    auto node = by_time_.extract(known->second);
    node.key() = deadline;
    known->second = by_time_.insert(std::move(node));
}

bool DueQueue::cancel(Key key) {
    const auto known = by_key_.find(key);
    if (known == by_key_.end()) return false;
    by_time_.erase(known->second);
    by_key_.erase(known);
    return true;
}

std::size_t DueQueue::pop_due(TimePoint now, const Callback& callback) {
    std::size_t popped = 0;
    pass_ = now;
    while (!by_time_.empty() && by_time_.begin()->first <= now) {
        // The entry stays where it is, at a time after this pass, so that rescheduling allocates nothing and the
        // callback may cancel or schedule this very key.
        const Key key = by_time_.begin()->second;
        const TimePoint parked = TimePoint::max();
        schedule(key, parked);
        ++popped;
        const std::optional<TimePoint> next = callback(key);
        const auto still = by_key_.find(key);
        if (still == by_key_.end()) continue;
        if (next) {
            schedule(key, *next);
        } else if (still->second->first == parked) {
            cancel(key);
        }
    }
    pass_.reset();
    return popped;
}

std::optional<DueQueue::TimePoint> DueQueue::next_deadline() const {
    if (by_time_.empty()) return std::nullopt;
    return by_time_.begin()->first;
}

}  // namespace runtime
