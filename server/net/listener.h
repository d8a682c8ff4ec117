#pragma once
// One listening address. Accepted sockets go to a callback; when the process is out of file descriptors it pauses
// rather than spins.

#include "server/net/socket.h"
#include "server/runtime/log.h"

#include <cstdint>
#include <functional>
#include <string>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

namespace net {

// Somebody who has come.
struct Accepted {
    Socket socket;  // does not block, does not wait for more before it sends
    std::string ip;
    std::string local_ip;  // where it came to
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
    void stop();   // no more; may be called twice
    // Connections are refused, and the port stays ours; and the end of that.
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
