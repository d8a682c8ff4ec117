#pragma once
// Long work in pieces: one queue for all of it, and one time budget per loop turn. Devices are served between two
// turns, so their delay is bounded by the budget, not by the number of readers. A piece ends after about a millisecond
// and calls add() for the next one. Loop thread only.

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <utility>

namespace runtime {

class Slices {
  public:
    using TimePoint = std::chrono::steady_clock::time_point;
    static constexpr std::chrono::milliseconds budget{2};  // per turn

    // `schedule` must call run() in another loop turn.
    Slices(std::function<void()> schedule, std::function<TimePoint()> now)
        : schedule_(std::move(schedule)), now_(std::move(now)) {}

    void add(std::function<void()> piece);        // to the end of the queue
    void add_first(std::function<void()> piece);  // to its beginning: its time is over

    // Runs pieces in order until the budget is spent, at least one. Pieces that they add wait for the next turn.
    void run();

    std::size_t waiting() const { return line_.size(); }

  private:
    void wake();

    std::function<void()> schedule_;
    std::function<TimePoint()> now_;
    std::deque<std::function<void()>> line_;
    bool scheduled_ = false;
};

}  // namespace runtime
