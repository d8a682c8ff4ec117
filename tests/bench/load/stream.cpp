#include "tests/bench/load/stream.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>
#include <stdexcept>
#include <string>
#include <system_error>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <sys/socket.h>
#include <unistd.h>

namespace load {
namespace {

constexpr std::size_t addresses = 50;  // 127.0.0.1 to 127.0.0.50

[[noreturn]] void fail(const char* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

[[noreturn]] void fail_tls(const char* what) {
    std::array<char, 256> text{};
    ERR_error_string_n(ERR_get_error(), text.data(), text.size());
    throw std::runtime_error(std::string(what) + ": " + text.data());
}

// SSL_set_tlsext_host_name without its cast of C.
void set_sni(SSL* ssl, std::string name) {
    SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data());
}

}  // namespace

SslContext make_tls(const std::string& key_type, int version) {
    SslContext context(SSL_CTX_new(TLS_client_method()));
    if (!context) fail_tls("SSL_CTX_new");
    // RSA+SHA256 stays allowed for the signature under the certificate, which the authority made.
    const char* algorithms = key_type == "rsa" ? "RSA-PSS+SHA256:RSA+SHA256" : "ECDSA+SHA256:RSA+SHA256";
    const char* suites = key_type == "rsa" ? "ECDHE-RSA-AES128-GCM-SHA256" : "ECDHE-ECDSA-AES128-GCM-SHA256";
    if (SSL_CTX_set1_sigalgs_list(context.get(), algorithms) != 1 ||
        SSL_CTX_set_cipher_list(context.get(), suites) != 1)
        fail_tls("key type");
    SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
    SSL_CTX_set_max_proto_version(context.get(), version == 12 ? TLS1_2_VERSION : TLS1_3_VERSION);
    SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_read_ahead(context.get(), 1);
    SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(context.get(), &Stream::keep_session);
    return context;
}

int Stream::keep_session(SSL* ssl, SSL_SESSION* session) {
    static_cast<Stream*>(SSL_get_app_data(ssl))->session_.reset(session);
    return 1;  // the reference is ours now
}

Stream::~Stream() {
    close();
}

void Stream::connect(const Endpoint& endpoint, std::size_t index) {
    fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd_ < 0) fail("socket");
    const int on = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (endpoint.send_buffer > 0)
        ::setsockopt(fd_, SOL_SOCKET, SO_SNDBUF, &endpoint.send_buffer, sizeof endpoint.send_buffer);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(endpoint.port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK + static_cast<std::uint32_t>(index % addresses));
    const auto* generic = static_cast<const sockaddr*>(static_cast<const void*>(&address));
    if (::connect(fd_, generic, sizeof address) != 0 && errno != EINPROGRESS) fail("connect");
    wants_write_ = true;
    if (!endpoint.tls) return;
    ssl_.reset(SSL_new(endpoint.tls.get()));
    if (!ssl_ || SSL_set_fd(ssl_.get(), fd_) != 1) fail_tls("SSL_new");
    SSL_set_app_data(ssl_.get(), this);
    set_sni(ssl_.get(), endpoint.sni);
    if (endpoint.resume && session_) SSL_set_session(ssl_.get(), session_.get());
    SSL_set_connect_state(ssl_.get());
}

void Stream::close() noexcept {
    if (ssl_) SSL_set_quiet_shutdown(ssl_.get(), 1);
    if (ssl_) SSL_shutdown(ssl_.get());  // or OpenSSL takes the session for broken
    ssl_.reset();
    ERR_clear_error();
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
}

bool Stream::finish_connect() {
    int error = 0;
    socklen_t size = sizeof error;
    if (::getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error, &size) != 0 || error != 0) {
        errno = error;
        fail("connect");
    }
    wants_write_ = false;
    if (!ssl_) return true;
    const int result = SSL_do_handshake(ssl_.get());
    return result == 1 || (tls_result(result), false);
}

// 0 when it has to wait, with wants_write_ set; throws otherwise.
std::ptrdiff_t Stream::tls_result(int result) {
    const int why = SSL_get_error(ssl_.get(), result);
    wants_write_ = why == SSL_ERROR_WANT_WRITE;
    if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE) return 0;
    if (why == SSL_ERROR_ZERO_RETURN) throw std::runtime_error("the server closed a connection (close_notify)");
    fail_tls("TLS");
}

std::ptrdiff_t Stream::read(std::span<char> into) {
    if (ssl_) {
        const int result = SSL_read(ssl_.get(), into.data(), static_cast<int>(into.size()));
        return result > 0 ? result : tls_result(result);
    }
    const ssize_t result = ::recv(fd_, into.data(), into.size(), 0);
    if (result > 0) return result;
    if (result == 0) throw std::runtime_error("the server closed a connection");
    if (errno == EAGAIN || errno == EINTR) return 0;
    fail("recv");
}

std::size_t Stream::write(std::string_view bytes) {
    wants_write_ = false;
    if (bytes.empty()) return 0;
    if (ssl_) {
        const std::size_t size = std::min<std::size_t>(bytes.size(), std::numeric_limits<int>::max());
        const int result = SSL_write(ssl_.get(), bytes.data(), static_cast<int>(size));
        return static_cast<std::size_t>(result > 0 ? result : tls_result(result));
    }
    const ssize_t result = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (result >= 0) return static_cast<std::size_t>(result);
    if (errno != EAGAIN && errno != EINTR) fail("send");
    wants_write_ = true;
    return 0;
}

std::string Stream::description() const {
    if (!ssl_) return "plain";
    const X509* certificate = SSL_get0_peer_certificate(ssl_.get());
    const EVP_PKEY* key = certificate == nullptr ? nullptr : X509_get0_pubkey(certificate);
    const bool rsa = key != nullptr && EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA;
    return std::string(SSL_get_version(ssl_.get())) + (rsa ? " RSA" : " ECDSA");
}

}  // namespace load
