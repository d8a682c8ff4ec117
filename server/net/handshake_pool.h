#pragma once
// Threads for TLS handshakes beside the event loop: a full one computes for a third of a millisecond or more, time in
// which hundreds of other devices' messages can be answered. `--threads`

#include "server/net/handshake.h"

#include <cstdint>
#include <functional>
#include <unordered_map>

#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>

namespace net {

class HandshakePool {
  public:
    using Done = std::function<void(HandshakeStep step)>;

    HandshakePool(boost::asio::io_context& io, std::size_t threads);
    // Waits for running steps. Drops those that have not begun, and all results.
    ~HandshakePool();
    HandshakePool(const HandshakePool&) = delete;
    HandshakePool& operator=(const HandshakePool&) = delete;

    // Loop thread. `done` is called there too, and must keep the transport alive; nothing else may touch it until then.
    void step(Transport& transport, Done done);

  private:
    void finished(std::uint64_t number, HandshakeStep step);

    boost::asio::io_context& io_;
    // Kept here rather than in the handlers, so that none outlives the pool.
    std::unordered_map<std::uint64_t, Done> waiting_;
    std::uint64_t next_ = 0;
    boost::asio::thread_pool pool_;
};

}  // namespace net
