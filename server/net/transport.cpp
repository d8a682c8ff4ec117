#include "server/net/transport.h"

#include "server/net/wire_bio.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <openssl/err.h>
#include <sys/socket.h>

namespace net {
namespace {

class PlainTransport : public Transport {
  public:
    using Transport::Transport;

    IoResult handshake() override { return {}; }

    IoResult read(std::span<char> into, bool& whole) override {
        const auto got = wire() != nullptr ? wire()->recv(into.data(), into.size())
                                           : ::recv(socket().fd(), into.data(), into.size(), 0);
        if (got > 0) {
            const auto bytes = static_cast<std::size_t>(got);
            whole = bytes < into.size() && wire() == nullptr;
            return {IoStatus::ok, bytes};
        }
        whole = true;
        if (got == 0) return {IoStatus::end, 0};
        return {would_block() ? IoStatus::want_read : IoStatus::error, 0};
    }

    IoResult write(std::string_view bytes) override {
        const auto sent = wire() != nullptr ? wire()->send(bytes.data(), bytes.size())
                                            : ::send(socket().fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent >= 0) return {IoStatus::ok, static_cast<std::size_t>(sent)};
        return {would_block() ? IoStatus::want_write : IoStatus::error, 0};
    }

    void finish() override { end_stream(); }

  private:
    static bool would_block() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }
};

class TlsTransport : public Transport {
  public:
    TlsTransport(Socket&& socket, TlsContext& context)
        : Transport(std::move(socket)), ssl_(context.new_session(Transport::socket().fd())) {}

    IoResult handshake() override {
        ERR_clear_error();
        return result(SSL_accept(ssl_.get()), 0);
    }

    IoResult read(std::span<char> into, bool& whole) override {
        ERR_clear_error();
        std::size_t bytes = 0;
        const int code = SSL_read_ex(ssl_.get(), into.data(), into.size(), &bytes);
        whole = SSL_has_pending(ssl_.get()) == 0 && wire() == nullptr;  // what the socket still has, the poller tells
        return result(code, bytes);
    }

    IoResult write(std::string_view bytes) override {
        ERR_clear_error();
        std::size_t sent = 0;
        // A write that is tried again must not be shorter than it was.
        const auto most = most_record_ == 0 ? bytes.size() : std::max(most_record_, tried_);
        const auto part = bytes.substr(0, most);
        const int code = SSL_write_ex(ssl_.get(), part.data(), part.size(), &sent);
        tried_ = code > 0 ? 0 : part.size();
        return result(code, sent);
    }

    void finish() override {
        ERR_clear_error();
        // After a fatal error OpenSSL must not be asked for a close_notify.
        if (!broken_ && SSL_is_init_finished(ssl_.get()) != 0) SSL_shutdown(ssl_.get());
        end_stream();
    }

    void use_wire(std::unique_ptr<RawWire> wire) override {
        BIO* const bio = new_wire_bio(*wire);
        if (bio == nullptr) return;
        SSL_set_bio(ssl_.get(), bio, bio);
        Transport::use_wire(std::move(wire));
    }
    void limit_records(std::size_t bytes) override { most_record_ = bytes; }

    SSL* tls() override { return ssl_.get(); }
    int tls_error() const override { return error_; }

  private:
    IoResult result(int code, std::size_t bytes) {
        if (code > 0) return {IoStatus::ok, bytes};
        error_ = SSL_get_error(ssl_.get(), code);
        switch (error_) {
            case SSL_ERROR_WANT_READ:
                return {IoStatus::want_read, 0};
            case SSL_ERROR_WANT_WRITE:
                return {IoStatus::want_write, 0};
            case SSL_ERROR_WANT_CLIENT_HELLO_CB:
                return {IoStatus::want_helper, 0};
            case SSL_ERROR_ZERO_RETURN:
                return {IoStatus::end, 0};
            default:
                broken_ = true;
                return {IoStatus::error, 0};
        }
    }

    SslPtr ssl_;
    int error_ = 0;
    std::size_t most_record_ = 0;
    std::size_t tried_ = 0;  // bytes of a write that is to be tried again
    bool broken_ = false;
};

}  // namespace

void Transport::end_stream() {
    wire_ ? wire_->finish() : static_cast<void>(::shutdown(socket_.fd(), SHUT_WR));
}

std::unique_ptr<Transport> make_plain_transport(Socket&& socket) {
    return std::make_unique<PlainTransport>(std::move(socket));
}

std::unique_ptr<Transport> make_tls_transport(Socket&& socket, TlsContext& context) {
    return std::make_unique<TlsTransport>(std::move(socket), context);
}

}  // namespace net
