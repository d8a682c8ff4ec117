#pragma once
// One listening address. Accepted sockets go to a callback; when the process is out of file descriptors it pauses
// rather than spins.

#include "server/runtime/log.h"

#include <functional>
#include <string>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

namespace net {

// Loop thread only.
class Listener {
  public:
    using Tcp = boost::asio::ip::tcp;
    using Accepted = std::function<void(Tcp::socket&&, const std::string& peer_ip)>;

    Listener(boost::asio::io_context& io, runtime::Log& log, Accepted accepted);

    // Binds and listens; port 0 takes a free one. Throws std::runtime_error with a sentence for the user.
    void open(const std::string& host, std::uint16_t port);
    void start();  // begins to accept
    void stop();   // no more; may be called twice

    std::string address() const;  // "0.0.0.0:8883", "[::]:8883", with the real port
    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

  private:
    void accept();
    void pause(const boost::system::error_code& why);

    runtime::Log& log_;
    Accepted accepted_;
    Tcp::acceptor acceptor_;
    boost::asio::steady_timer pause_;
};

}  // namespace net
