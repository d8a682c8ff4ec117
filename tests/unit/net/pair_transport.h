#pragma once
// A transport on one end of a socket pair: counts its calls, fails at a given one, must not be called after it.

#include "server/net/transport.h"

#include <cstddef>
#include <limits>
#include <memory>

namespace net_test {

struct Failure {
    static constexpr std::size_t never = std::numeric_limits<std::size_t>::max();
    std::size_t at = never;  // the number of the call, from 1: handshake, read and write count
    net::IoStatus how = net::IoStatus::error;
};

class PairTransport final : public net::Transport {
  public:
    // `tls` null: without TLS. `calls` outlives it.
    PairTransport(net::Socket&& socket, net::TlsContext* tls, Failure failure, std::size_t& calls);

    net::IoResult handshake() override;
    net::IoResult read(std::span<char> into, bool& whole) override;
    net::IoResult write(std::string_view bytes) override;
    void finish() override;
    SSL* tls() override { return ssl_.get(); }
    int tls_error() const override { return error_; }

  private:
    bool fails();
    net::IoResult of_tls(int code, std::size_t bytes);

    net::SslPtr ssl_;
    Failure failure_;
    std::size_t& calls_;
    int error_ = SSL_ERROR_NONE;
};

}  // namespace net_test
