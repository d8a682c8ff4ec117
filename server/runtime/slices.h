#pragma once
// Long work in pieces: one line for all of it, and one budget of time for each loop turn, whoever the work is for.
// Between two turns the devices are served, so what they wait is bounded by the budget and not by the number of
// readers. A piece itself ends after about a millisecond, and asks for its next turn by add(). Loop thread only.

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <utility>

namespace runtime {

class Slices {
  public:
    using TimePoint = std::chrono::steady_clock::time_point;
    static constexpr std::chrono::milliseconds budget{2};  // of a turn

    // `schedule`: run() is to be called in a loop turn of its own.
    Slices(std::function<void()> schedule, std::function<TimePoint()> now)
        : schedule_(std::move(schedule)), now_(std::move(now)) {}

    void add(std::function<void()> piece);        // behind what waits already
    void add_first(std::function<void()> piece);  // before it: its time is over

    // Pieces in their order until the budget is spent; always one. Those that they add wait for the next turn.
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
