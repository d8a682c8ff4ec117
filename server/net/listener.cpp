#include "server/net/listener.h"

#include <cerrno>
#include <chrono>
#include <stdexcept>
#include <utility>

#include <boost/asio/ip/v6_only.hpp>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace net {
namespace {

constexpr int backlog = 4096;
constexpr std::chrono::milliseconds pause_time{100};
constexpr int accepts_per_turn = 64;  // then those who are there have their turn

std::string text_of(boost::asio::ip::address address) {
    if (address.is_v6() && address.to_v6().is_v4_mapped()) {
        address = boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, address.to_v6());
    }
    return address.to_string();
}

}  // namespace

Listener::Listener(boost::asio::io_context& io, runtime::Log& log, Take take)
    : log_(log), take_(std::move(take)), acceptor_(io), pause_(io) {}

void Listener::open(const std::string& host, std::uint16_t port) {
    boost::system::error_code error;
    Tcp::resolver resolver(acceptor_.get_executor());
    const auto found = resolver.resolve(host, std::to_string(port), Tcp::resolver::passive, error);
    const auto where = host + ":" + std::to_string(port);
    if (error) throw std::runtime_error("cannot listen on " + where + ": " + error.message());
    const auto endpoint = found.begin()->endpoint();
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(Tcp::acceptor::reuse_address(true), error);
    if (!error && endpoint.address().is_v6()) acceptor_.set_option(boost::asio::ip::v6_only(false), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(backlog, error);
    if (!error) acceptor_.non_blocking(true, error);
    if (!error) bound_ = acceptor_.local_endpoint(error);
    if (!error) return;
    std::string help;
    if (error == boost::asio::error::address_in_use)
        help = "; another program uses it: stop that program or choose another port (port 0 selects a free one)";
    if (error == boost::asio::error::access_denied) help = "; ports below 1024 need root or CAP_NET_BIND_SERVICE";
    throw std::runtime_error("cannot listen on " + where + ": " + error.message() + help);
}

void Listener::start() {
    wait();
}

void Listener::stop() {
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    pause_.cancel();
}

// A socket that listens cannot stop to: another one takes its place, bound and silent.
bool Listener::bind_again(boost::system::error_code& error) {
    acceptor_.close(error);
    acceptor_.open(bound_.protocol(), error);
    if (!error) acceptor_.set_option(Tcp::acceptor::reuse_address(true), error);
    if (!error && bound_.address().is_v6()) acceptor_.set_option(boost::asio::ip::v6_only(false), error);
    if (!error) acceptor_.bind(bound_, error);
    return !error;
}

void Listener::stop_listening() {
    boost::system::error_code error;
    pause_.cancel();
    if (!acceptor_.is_open() || bind_again(error)) return;
    log_.error("the port could not be kept while it does not listen",
               {{"error", error.message()}, {"address", address()}});
}

void Listener::listen_again() {
    boost::system::error_code error;
    if (!acceptor_.is_open() && !bind_again(error)) {
        log_.error("cannot listen again", {{"error", error.message()}, {"address", address()}});
        return;
    }
    acceptor_.listen(backlog, error);
    if (!error) acceptor_.non_blocking(true, error);
    if (!error) return wait();
    log_.error("cannot listen again", {{"error", error.message()}, {"address", address()}});
}

std::string Listener::address() const {
    const auto host = bound_.address().to_string();
    const auto port = std::to_string(bound_.port());
    return bound_.address().is_v6() ? "[" + host + "]:" + port : host + ":" + port;
}

void Listener::wait() {
    acceptor_.async_wait(Tcp::acceptor::wait_read, [this](const boost::system::error_code& error) {
        if (!error && acceptor_.is_open()) accept_all();
    });
}

void Listener::accept_all() {
    for (int count = 0; count < accepts_per_turn; ++count) {
        if (accept_one()) continue;
        const int why = errno;
        if (why == EAGAIN || why == EWOULDBLOCK) break;
        if (why == EINTR || why == ECONNABORTED || why == EPROTO) continue;  // that one has gone
        pause(why);
        return;
    }
    wait();
}

// False: errno says why not.
bool Listener::accept_one() {
    Tcp::endpoint peer, local;
    auto size = static_cast<socklen_t>(peer.capacity());
    Socket socket(::accept4(acceptor_.native_handle(), peer.data(), &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (socket.fd() < 0) return false;
    peer.resize(size);
    size = static_cast<socklen_t>(local.capacity());
    const int on = 1;
    if (::getsockname(socket.fd(), local.data(), &size) != 0 ||
        ::setsockopt(socket.fd(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0) {
        return true;  // came and went
    }
    local.resize(size);
    take_({std::move(socket), text_of(peer.address()), local.address().to_string(), local.port()});
    return true;
}

void Listener::pause(int why) {
    const boost::system::error_code reason(why, boost::system::system_category());
    log_.error("cannot accept a connection", {{"error", reason.message()}, {"address", address()}});
    pause_.expires_after(pause_time);
    pause_.async_wait([this](const boost::system::error_code& error) {
        if (!error) wait();
    });
}

}  // namespace net
