#include "server/net/listener.h"

#include <chrono>
#include <stdexcept>
#include <utility>

#include <boost/asio/ip/v6_only.hpp>

namespace net {
namespace {

constexpr int backlog = 4096;
constexpr std::chrono::milliseconds pause_time{100};

}  // namespace

Listener::Listener(boost::asio::io_context& io, runtime::Log& log, Accepted accepted)
    : log_(log), accepted_(std::move(accepted)), acceptor_(io), pause_(io) {}

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
    if (!error) return;
    std::string help;
    if (error == boost::asio::error::address_in_use)
        help = "; another program has it: stop that one or choose another port (port 0 takes a free one)";
    if (error == boost::asio::error::access_denied) help = "; ports below 1024 need root or CAP_NET_BIND_SERVICE";
    throw std::runtime_error("cannot listen on " + where + ": " + error.message() + help);
}

void Listener::start() {
    accept();
}

void Listener::stop() {
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    pause_.cancel();
}

std::string Listener::address() const {
    const auto endpoint = acceptor_.local_endpoint();
    const auto host = endpoint.address().to_string();
    const auto port = std::to_string(endpoint.port());
    return endpoint.address().is_v6() ? "[" + host + "]:" + port : host + ":" + port;
}

void Listener::accept() {
    acceptor_.async_accept([this](const boost::system::error_code& error, Tcp::socket socket) {
        if (error == boost::asio::error::operation_aborted || !acceptor_.is_open()) return;
        if (error) {
            pause(error);
            return;
        }
        boost::system::error_code gone;
        const auto peer = socket.remote_endpoint(gone);
        socket.non_blocking(true, gone);
        socket.set_option(Tcp::no_delay(true), gone);
        if (!gone) {
            auto address = peer.address();
            if (address.is_v6() && address.to_v6().is_v4_mapped()) {
                address = boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, address.to_v6());
            }
            accepted_(std::move(socket), address.to_string());
        }
        accept();
    });
}

void Listener::pause(const boost::system::error_code& why) {
    log_.error("cannot accept a connection", {{"error", why.message()}, {"address", address()}});
    pause_.expires_after(pause_time);
    pause_.async_wait([this](const boost::system::error_code& error) {
        if (!error) accept();
    });
}

}  // namespace net
