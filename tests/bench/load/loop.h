#pragma once
// One thread, one epoll.

#include <chrono>
#include <cstdint>
#include <functional>

namespace load {

using Clock = std::chrono::steady_clock;

inline std::uint64_t now_ns() {
    return static_cast<std::uint64_t>(Clock::now().time_since_epoch().count());
}

// Receives the events of its file descriptor. Events of a descriptor closed in the same turn may still arrive.
class Pollable {
  public:
    Pollable() = default;
    Pollable(const Pollable&) = delete;
    Pollable& operator=(const Pollable&) = delete;
    virtual ~Pollable() = default;
    virtual void on_events() = 0;
};

class Loop {
  public:
    Loop();
    ~Loop();
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    void watch(int fd, Pollable& target, bool for_writing);
    void change(int fd, Pollable& target, bool for_writing);

    // Runs turns until done() returns true; tick() follows every turn, at the latest after `longest_wait`. Throws
    // std::runtime_error after `patience`.
    void run(const std::function<bool()>& done, const std::function<void()>& tick, std::chrono::milliseconds patience,
             std::chrono::milliseconds longest_wait = std::chrono::milliseconds(10));

  private:
    void control(int operation, int fd, Pollable& target, bool for_writing);
    int epoll_;
};

}  // namespace load
