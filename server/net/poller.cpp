#include "server/net/poller.h"

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include <sys/epoll.h>

namespace net {
namespace {

constexpr int events_per_turn = 256;  // then the turn ends: what they caused is committed and answered

bool control(int epoll, int operation, int fd, Poller::Key key, Poller::Events wanted) {
    epoll_event event{};
    event.events = (wanted.readable ? std::uint32_t{EPOLLIN} : 0U) | (wanted.writable ? std::uint32_t{EPOLLOUT} : 0U) |
                   (wanted.ended ? std::uint32_t{EPOLLRDHUP} : 0U);
    event.data.u64 = key;
    return ::epoll_ctl(epoll, operation, fd, &event) == 0;
}

int new_epoll() {
    const int fd = ::epoll_create1(EPOLL_CLOEXEC);
    if (fd < 0) throw std::system_error(errno, std::generic_category(), "epoll");
    return fd;
}

}  // namespace

Poller::Poller(boost::asio::io_context& io, Ready ready) : ready_(std::move(ready)), epoll_(io, new_epoll()) {
    wait();
}

bool Poller::add(const Socket& socket, Key key, Events wanted) {
    return control(epoll_.native_handle(), EPOLL_CTL_ADD, socket.fd(), key, wanted);
}

bool Poller::change(const Socket& socket, Key key, Events wanted) {
    return control(epoll_.native_handle(), EPOLL_CTL_MOD, socket.fd(), key, wanted);
}

void Poller::remove(const Socket& socket) {
    control(epoll_.native_handle(), EPOLL_CTL_DEL, socket.fd(), 0, {});
}

void Poller::wait() {
    epoll_.async_wait(boost::asio::posix::stream_descriptor::wait_read, [this](const boost::system::error_code& error) {
        if (error) return;
        dispatch();
        wait();
    });
}

void Poller::dispatch() {
    std::array<epoll_event, events_per_turn> events;
    const int count = ::epoll_wait(epoll_.native_handle(), events.data(), events_per_turn, 0);
    for (int i = 0; i < count; ++i) {
        const auto& event = events.at(static_cast<std::size_t>(i));
        ready_(event.data.u64, {.readable = (event.events & EPOLLIN) != 0,
                                .writable = (event.events & EPOLLOUT) != 0,
                                .failed = (event.events & (EPOLLERR | EPOLLHUP)) != 0,
                                .ended = (event.events & EPOLLRDHUP) != 0});
    }
}

}  // namespace net
