#pragma once
// Threads that do TLS handshakes beside the event loop: a full one computes for a third of a millisecond or more, in
// which hundreds of messages of other devices could be answered. `--threads`

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
    // Waits for the steps that run now. Those that have not begun, and what they would have told, are dropped.
    ~HandshakePool();
    HandshakePool(const HandshakePool&) = delete;
    HandshakePool& operator=(const HandshakePool&) = delete;

    // Loop thread. `done` is called there, too, and must keep the transport alive; nobody else may touch it until then.
    void step(Transport& transport, Done done);

  private:
    void finished(std::uint64_t number, HandshakeStep step);

    boost::asio::io_context& io_;
    // Kept here rather than in the handlers, so that none outlives this.
    std::unordered_map<std::uint64_t, Done> waiting_;
    std::uint64_t next_ = 0;
    boost::asio::thread_pool pool_;
};

}  // namespace net
