#pragma once
// One connection of a simulated device: TCP, TLS where it is asked for, bytes both ways. Never blocks.
//
// Held by shared pointers: its own waits hold it too, until close(). After close(), or once on_closed() was called, its
// user hears nothing more and may be gone. One thread: that of its io_context.

#include "server/simulator/wire/tls_client.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/ip/tcp.hpp>

namespace simulator {

// Where devices connect to, and what they verify.
struct Place {
    boost::asio::ip::tcp::endpoint endpoint;
    std::string host;                      // said in SNI, and looked for in the certificate
    std::shared_ptr<const TlsClient> tls;  // nullptr: plain
};

class StreamUser {
  public:
    virtual void on_opened() = 0;
    virtual void on_received(std::string_view bytes) = 0;
    virtual void on_closed(std::string_view why) = 0;

  protected:
    ~StreamUser() = default;
};

class Stream : public std::enable_shared_from_this<Stream> {
  public:
    // `scratch` is where bytes are read to; it and the user outlive the stream's use. `says_name`: SNI.
    Stream(boost::asio::io_context& io, std::vector<char>& scratch, StreamUser& user)
        : socket_(io), scratch_(scratch), user_(&user) {}
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;

    void open(const Place& place, bool says_name);
    void send(std::string_view bytes);
    // What was sent and has not left is lost where the socket is full; TLS is ended in an orderly way.
    void close();

  private:
    void connected(const Place& place, bool says_name);
    void shake_hands();
    void wait_readable();
    void read_all();
    std::size_t read_some(bool& wait);
    void flush();
    std::size_t write_some(std::string_view bytes);
    void fail(const std::string& why);
    void fail_later(const std::string& why);
    template <typename Then>
    void wait(boost::asio::ip::tcp::socket::wait_type what, Then then);

    boost::asio::ip::tcp::socket socket_;
    std::vector<char>& scratch_;
    StreamUser* user_;  // nullptr: closed
    SslPtr ssl_;
    std::string unsent_;
    bool writing_ = false;  // waits until the socket takes bytes again
    bool open_ = false;
    bool broken_ = false;  // OpenSSL must not be asked for a close_notify
};

}  // namespace simulator
