#pragma once
// Tells which of many sockets are ready. Asio's own reactor calls epoll_ctl for each wait, allocates an operation for
// it and keeps some 300 bytes for a socket; here a socket is registered once and a wait costs nothing, which is most of
// what a small message costs. Asio waits for the one descriptor of this epoll instance.
//
// Level-triggered: what is not read, or not written, is told again. Loop thread only.

#include "server/net/socket.h"

#include <cstdint>
#include <functional>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

namespace net {

class Poller {
  public:
    using Key = std::uint64_t;
    struct Events {
        bool readable = false;  // the end of the stream, too
        bool writable = false;
        bool failed = false;  // told whether asked for or not
        bool ended = false;   // the peer ended its stream, whether that is read or not
        bool operator==(const Events&) const = default;
    };
    using Ready = std::function<void(Key key, Events events)>;

    // Throws std::system_error.
    Poller(boost::asio::io_context& io, Ready ready);

    // Closing the socket ends it. A key that has gone by the time it is told is the caller's to ignore. False: the
    // system has no room for it, and nothing will be told.
    [[nodiscard]] bool add(const Socket& socket, Key key, Events wanted);
    [[nodiscard]] bool change(const Socket& socket, Key key, Events wanted);
    void remove(const Socket& socket);

  private:
    void wait();
    void dispatch();

    Ready ready_;
    boost::asio::posix::stream_descriptor epoll_;
};

}  // namespace net
