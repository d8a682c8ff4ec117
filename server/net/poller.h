#pragma once
// Reports which of many sockets are ready. Asio's own reactor calls epoll_ctl for each wait, allocates an operation and
// keeps some 300 bytes per socket; here a socket is registered once and a wait costs nothing, which is most of the cost
// of a small message. Asio waits only for this epoll descriptor.
//
// Level-triggered: a socket that is still readable or writable is reported again. Loop thread only.

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
        bool readable = false;  // also at the end of the stream
        bool writable = false;
        bool failed = false;  // reported even if not asked for
        bool ended = false;   // the peer ended its stream, even if that is not read yet
        bool operator==(const Events&) const = default;
    };
    using Ready = std::function<void(Key key, Events events)>;

    // Throws std::system_error.
    Poller(boost::asio::io_context& io, Ready ready);

    // Closing the socket unregisters it. The caller ignores keys that are gone. False: the system has no room for it,
    // and nothing will be reported.
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
