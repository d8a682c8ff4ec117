#pragma once
// One listening address. Accepted sockets go to a callback; when the process is out of file descriptors it pauses
// instead of spinning.

#include "server/net/socket.h"
#include "server/runtime/log.h"

#include <cstdint>
#include <functional>
#include <string>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

namespace net {

// A connection that was accepted.
struct Accepted {
    Socket socket;  // non-blocking, TCP_NODELAY
    std::string ip;
    std::string local_ip;  // the address it connected to
    std::uint16_t local_port = 0;
};

// Loop thread only.
class Listener {
  public:
    using Tcp = boost::asio::ip::tcp;
    using Take = std::function<void(Accepted&&)>;

    Listener(boost::asio::io_context& io, runtime::Log& log, Take take);

    // Binds and listens; port 0 takes a free one. Throws std::runtime_error with a sentence for the user.
    void open(const std::string& host, std::uint16_t port);
    void start();  // begins to accept
    void stop();   // stops accepting; may be called twice
    // stop_listening(): connections are refused, but the port stays ours. listen_again() ends that.
    void stop_listening();
    void listen_again();

    std::string address() const;  // "0.0.0.0:8883", "[::]:8883", with the real port
    std::uint16_t port() const { return bound_.port(); }

  private:
    void wait();
    void accept_all();
    bool accept_one();
    void pause(int why);
    bool bind_again(boost::system::error_code& error);

    runtime::Log& log_;
    Take take_;
    Tcp::acceptor acceptor_;
    Tcp::endpoint bound_;
    boost::asio::steady_timer pause_;
};

}  // namespace net
