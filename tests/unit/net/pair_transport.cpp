#include "tests/unit/net/pair_transport.h"

#include <cerrno>
#include <utility>

#include <doctest/doctest.h>
#include <openssl/err.h>
#include <sys/socket.h>

namespace net_test {

using net::IoResult;
using net::IoStatus;

PairTransport::PairTransport(net::Socket&& socket, net::TlsContext* tls, Failure failure, std::size_t& calls)
    : Transport(std::move(socket)),
      ssl_(tls == nullptr ? nullptr : tls->new_session(Transport::socket().fd())),
      failure_(failure),
      calls_(calls) {}

bool PairTransport::fails() {
    ++calls_;
    CHECK_MESSAGE(calls_ <= failure_.at, "asked again after its failure");
    if (calls_ != failure_.at) return false;
    error_ = SSL_ERROR_SYSCALL;
    ERR_clear_error();
    return true;
}

IoResult PairTransport::handshake() {
    if (fails()) return {failure_.how, 0};
    return of_tls(SSL_accept(ssl_.get()), 0);
}

IoResult PairTransport::read(std::span<char> into, bool& whole) {
    whole = false;
    if (fails()) return {failure_.how, 0};
    if (ssl_) {
        std::size_t bytes = 0;
        const int code = SSL_read_ex(ssl_.get(), into.data(), into.size(), &bytes);
        return of_tls(code, bytes);
    }
    const auto got = ::recv(socket().fd(), into.data(), into.size(), 0);
    if (got > 0) return {IoStatus::ok, static_cast<std::size_t>(got)};
    if (got == 0) return {IoStatus::end, 0};
    return {errno == EAGAIN ? IoStatus::want_read : IoStatus::error, 0};
}

IoResult PairTransport::write(std::string_view bytes) {
    if (fails()) return {failure_.how, 0};
    if (ssl_) {
        std::size_t sent = 0;
        const int code = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &sent);
        return of_tls(code, sent);
    }
    const auto sent = ::send(socket().fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent >= 0) return {IoStatus::ok, static_cast<std::size_t>(sent)};
    return {errno == EAGAIN ? IoStatus::want_write : IoStatus::error, 0};
}

void PairTransport::finish() {
    CHECK_MESSAGE(calls_ < failure_.at, "finished after its failure");
    ::shutdown(socket().fd(), SHUT_WR);
}

IoResult PairTransport::of_tls(int code, std::size_t bytes) {
    if (code > 0) return {IoStatus::ok, bytes};
    error_ = SSL_get_error(ssl_.get(), code);
    switch (error_) {
        case SSL_ERROR_WANT_READ:
            return {IoStatus::want_read, 0};
        case SSL_ERROR_WANT_WRITE:
            return {IoStatus::want_write, 0};
        case SSL_ERROR_ZERO_RETURN:
            return {IoStatus::end, 0};
        default:
            return {IoStatus::error, 0};
    }
}

}  // namespace net_test
