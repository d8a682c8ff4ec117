#include "server/net/handshake_pool.h"

#include <utility>

#include <boost/asio/post.hpp>

namespace net {

HandshakePool::HandshakePool(boost::asio::io_context& io, std::size_t threads) : io_(io), pool_(threads) {}

HandshakePool::~HandshakePool() {
    pool_.stop();
    pool_.join();
}

void HandshakePool::step(Transport& transport, Done done) {
    const auto number = next_++;
    waiting_.emplace(number, std::move(done));
    boost::asio::post(pool_, [this, number, &transport] {
        boost::asio::post(io_, [this, number, step = step_handshake(transport)] { finished(number, step); });
    });
}

void HandshakePool::finished(std::uint64_t number, HandshakeStep step) {
    const auto waiting = waiting_.extract(number);
    waiting.mapped()(std::move(step));
}

}  // namespace net
