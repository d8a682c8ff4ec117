#include "server/simulator/wire/stream.h"

#include <cerrno>
#include <cstring>

#include <boost/asio/post.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

namespace simulator {
namespace {

using Tcp = boost::asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t most_unsent = 8U * 1024 * 1024;

bool would_block() {
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

}  // namespace

template <typename Then>
void Stream::wait(Tcp::socket::wait_type what, Then then) {
    socket_.async_wait(what, [self = shared_from_this(), then](const error_code& error) {
        if (!error && self->user_ != nullptr) (self.get()->*then)();
    });
}

void Stream::open(const Place& place, bool says_name) {
    error_code error;
    socket_.open(place.endpoint.protocol(), error);
    if (!error) socket_.non_blocking(true, error);
    if (!error) socket_.set_option(Tcp::no_delay(true), error);
    if (error) return fail_later(error.message());
    socket_.async_connect(place.endpoint, [self = shared_from_this(), place, says_name](const error_code& failure) {
        if (self->user_ == nullptr) return;
        failure ? self->fail(failure.message()) : self->connected(place, says_name);
    });
}

void Stream::connected(const Place& place, bool says_name) {
    if (place.tls) {
        ssl_ = place.tls->new_session(socket_.native_handle(), place.host, says_name);
        return shake_hands();
    }
    open_ = true;
    user_->on_opened();
    if (user_ != nullptr) wait_readable();
}

void Stream::shake_hands() {
    ERR_clear_error();
    const int result = SSL_do_handshake(ssl_.get());
    if (result == 1) {
        open_ = true;
        user_->on_opened();
        if (user_ != nullptr) wait_readable();
        return;
    }
    const int why = SSL_get_error(ssl_.get(), result);
    if (why == SSL_ERROR_WANT_READ) return wait(Tcp::socket::wait_read, &Stream::shake_hands);
    if (why == SSL_ERROR_WANT_WRITE) return wait(Tcp::socket::wait_write, &Stream::shake_hands);
    broken_ = true;
    fail(tls_failure(*ssl_));
}

void Stream::wait_readable() {
    wait(Tcp::socket::wait_read, &Stream::read_all);
}

// A few reads; then the others have their turn.
void Stream::read_all() {
    constexpr int reads_per_turn = 4;
    const auto self = shared_from_this();
    for (int i = 0; i < reads_per_turn && user_ != nullptr; ++i) {
        bool wait_for_more = false;
        const auto got = read_some(wait_for_more);
        if (user_ == nullptr) return;
        if (got > 0) user_->on_received({scratch_.data(), got});
        if (wait_for_more) break;
    }
    if (user_ == nullptr) return;
    // What OpenSSL has read already, no socket tells.
    if (ssl_ && SSL_pending(ssl_.get()) > 0) {
        boost::asio::post(socket_.get_executor(), [self] {
            if (self->user_ != nullptr) self->read_all();
        });
        return;
    }
    wait_readable();
}

// `wait`: there is nothing more now. A connection that is lost is told, and then there is no user.
std::size_t Stream::read_some(bool& wait) {
    if (!ssl_) {
        const auto got = ::recv(socket_.native_handle(), scratch_.data(), scratch_.size(), 0);
        if (got > 0) return static_cast<std::size_t>(got);
        wait = got < 0 && would_block();
        if (!wait) fail(got == 0 ? "the server closed the connection" : std::strerror(errno));
        return 0;
    }
    ERR_clear_error();
    std::size_t bytes = 0;
    const int result = SSL_read_ex(ssl_.get(), scratch_.data(), scratch_.size(), &bytes);
    if (result > 0) return bytes;
    const int why = SSL_get_error(ssl_.get(), result);
    wait = why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE;
    if (wait) return 0;
    broken_ = why != SSL_ERROR_ZERO_RETURN;
    fail(broken_ ? tls_failure(*ssl_) : "the server closed the connection");
    return 0;
}

void Stream::send(std::string_view bytes) {
    if (user_ == nullptr || !open_) return;
    if (unsent_.size() + bytes.size() > most_unsent) return fail_later("the server reads nothing");
    unsent_.append(bytes);
    if (!writing_) flush();
}

void Stream::flush() {
    writing_ = false;
    std::size_t sent = 0;
    while (sent < unsent_.size()) {
        const auto taken = write_some(std::string_view(unsent_).substr(sent));
        if (taken == 0) break;
        sent += taken;
    }
    unsent_.erase(0, sent);
    if (user_ == nullptr) return;
    if (unsent_.empty()) {
        unsent_.shrink_to_fit();
        return;
    }
    writing_ = true;
    wait(Tcp::socket::wait_write, &Stream::flush);
}

// 0: not now. That the connection is lost, the next read tells: its user is in the middle of something.
std::size_t Stream::write_some(std::string_view bytes) {
    if (ssl_) {
        ERR_clear_error();
        std::size_t sent = 0;
        const int result = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &sent);
        if (result > 0) return sent;
        const int why = SSL_get_error(ssl_.get(), result);
        broken_ |= why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE;
        ERR_clear_error();
        return 0;
    }
    const auto sent = ::send(socket_.native_handle(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    return sent > 0 ? static_cast<std::size_t>(sent) : 0;
}

void Stream::close() {
    if (user_ == nullptr) return;
    user_ = nullptr;
    if (ssl_ && open_ && !broken_) {
        ERR_clear_error();
        SSL_shutdown(ssl_.get());
        ERR_clear_error();
    }
    error_code ignored;
    socket_.close(ignored);
}

// Not from within the call of its user.
void Stream::fail_later(const std::string& why) {
    boost::asio::post(socket_.get_executor(), [self = shared_from_this(), why] { self->fail(why); });
}

void Stream::fail(const std::string& why) {
    StreamUser* const user = user_;
    if (user == nullptr) return;
    close();
    user->on_closed(why);
}

}  // namespace simulator
