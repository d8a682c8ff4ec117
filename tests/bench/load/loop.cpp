#include "tests/bench/load/loop.h"

#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>

#include <sys/epoll.h>
#include <unistd.h>

namespace load {

Loop::Loop() : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
    if (epoll_ < 0) throw std::system_error(errno, std::generic_category(), "epoll_create1");
}

Loop::~Loop() {
    ::close(epoll_);
}

void Loop::control(int operation, int fd, Pollable& target, bool for_writing) {
    epoll_event event{};
    event.events = EPOLLIN | (for_writing ? EPOLLOUT : 0U);
    event.data.ptr = &target;
    if (::epoll_ctl(epoll_, operation, fd, &event) != 0)
        throw std::system_error(errno, std::generic_category(), "epoll_ctl");
}

void Loop::watch(int fd, Pollable& target, bool for_writing) {
    control(EPOLL_CTL_ADD, fd, target, for_writing);
}
void Loop::change(int fd, Pollable& target, bool for_writing) {
    control(EPOLL_CTL_MOD, fd, target, for_writing);
}

void Loop::run(const std::function<bool()>& done, const std::function<void()>& tick, std::chrono::milliseconds patience,
               std::chrono::milliseconds longest_wait) {
    const auto deadline = Clock::now() + patience;
    std::array<epoll_event, 512> events{};
    while (!done()) {
        const int count = ::epoll_wait(epoll_, events.data(), events.size(), static_cast<int>(longest_wait.count()));
        if (count < 0 && errno != EINTR) throw std::system_error(errno, std::generic_category(), "epoll_wait");
        for (std::size_t index = 0; index < static_cast<std::size_t>(std::max(count, 0)); ++index)
            static_cast<Pollable*>(events.at(index).data.ptr)->on_events();
        if (tick) tick();
        if (Clock::now() > deadline) throw std::runtime_error("the server did not answer in time");
    }
}

}  // namespace load
