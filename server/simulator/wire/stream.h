#pragma once
// One connection of a simulated device: TCP, with TLS if asked for, bytes both ways. Never blocks.
//
// Held by shared pointers, also by its own waits until close(). After close() or on_closed() it does not call its user,
// which may be destroyed. One thread: that of its io_context.

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
    std::string host;                      // sent in SNI and compared with the certificate
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
    // `scratch`: the read buffer; it and the user outlive the stream's use. `says_name`: send SNI.
    Stream(boost::asio::io_context& io, std::vector<char>& scratch, StreamUser& user)
        : socket_(io), scratch_(scratch), user_(&user) {}
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;

    void open(const Place& place, bool says_name);
    void send(std::string_view bytes);
    // Unsent bytes are lost if the socket is full; TLS is closed cleanly.
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
    bool writing_ = false;  // waits for the socket to be writable
    bool open_ = false;
    bool broken_ = false;  // SSL_shutdown must not be called
};

}  // namespace simulator
