#pragma once
// One non-blocking TCP connection to the server, with TLS where there is a context for it.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <openssl/ssl.h>

namespace load {

struct SslContextFree {
    void operator()(SSL_CTX* context) const noexcept { SSL_CTX_free(context); }
};
struct SslFree {
    void operator()(SSL* ssl) const noexcept { SSL_free(ssl); }
};
struct SslSessionFree {
    void operator()(SSL_SESSION* session) const noexcept { SSL_SESSION_free(session); }
};
using SslContext = std::unique_ptr<SSL_CTX, SslContextFree>;
using SslSession = std::unique_ptr<SSL_SESSION, SslSessionFree>;

// Where to connect, and how; outlives the streams.
struct Endpoint {
    std::uint16_t port = 0;
    std::string sni;      // the name that is asked for
    SslContext tls;       // null: plain
    bool resume = false;  // offer the session of the stream's last connection
    int send_buffer = 0;  // bytes, 0: as the system finds right
};

// A context that asks for a certificate of this key type: "p256" or "rsa". `version` 12 holds it to TLS 1.2.
// Certificates are not checked: what a client computes is not measured. Throws std::runtime_error.
SslContext make_tls(const std::string& key_type, int version);

// Throws std::runtime_error when the server cannot be reached or closes; it is a benchmark, everything else is a bug.
class Stream {
  public:
    Stream() = default;
    ~Stream();
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;

    // `index` chooses a loopback address, so that one run has more than 28,000 local ports.
    void connect(const Endpoint& endpoint, std::size_t index);
    void close() noexcept;

    // True when the connection, handshake included, is there; call again on every event until then.
    bool finish_connect();

    // Bytes read, 0 when there are none now.
    std::ptrdiff_t read(std::span<char> into);
    // Bytes taken, 0 when the socket is full.
    std::size_t write(std::string_view bytes);

    int fd() const noexcept { return fd_; }
    bool wants_write() const noexcept { return wants_write_; }
    bool resumed() const noexcept { return ssl_ && SSL_session_reused(ssl_.get()) != 0; }
    std::string description() const;  // "TLSv1.3 ECDSA", "plain"

  private:
    std::ptrdiff_t tls_result(int result);
    static int keep_session(SSL* ssl, SSL_SESSION* session);

    friend SslContext make_tls(const std::string& key_type, int version);

    int fd_ = -1;
    bool wants_write_ = false;
    std::unique_ptr<SSL, SslFree> ssl_;
    SslSession session_;  // of the last connection, for resumption
};

}  // namespace load
