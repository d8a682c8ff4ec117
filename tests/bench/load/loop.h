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

// Gets the events of its file descriptor. An event of a descriptor that was closed in the same turn may still come.
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

    // Turns until done() says so; tick() follows every turn, at the latest after `longest_wait`. Throws
    // std::runtime_error after `patience`.
    void run(const std::function<bool()>& done, const std::function<void()>& tick, std::chrono::milliseconds patience,
             std::chrono::milliseconds longest_wait = std::chrono::milliseconds(10));

  private:
    void control(int operation, int fd, Pollable& target, bool for_writing);
    int epoll_;
};

}  // namespace load
