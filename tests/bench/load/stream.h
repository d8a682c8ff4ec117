#pragma once
// One non-blocking TCP connection to the server, with TLS if it has a context.

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

// Where and how to connect; outlives the streams.
struct Endpoint {
    std::uint16_t port = 0;
    std::string sni;      // the SNI name
    SslContext tls;       // null: plain
    bool resume = false;  // offer the session of the stream's last connection
    int send_buffer = 0;  // bytes; 0: the system's default
};

// A context that requests a certificate of this key type: "p256" or "rsa". `version` 12 limits it to TLS 1.2.
// Certificates are not checked, because the client's computing is not measured. Throws std::runtime_error.
SslContext make_tls(const std::string& key_type, int version);

// Throws std::runtime_error if the server cannot be reached or closes; anything else is a bug in the benchmark.
class Stream {
  public:
    Stream() = default;
    ~Stream();
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;

    // `index` selects a loopback address, so that one run has more than 28,000 local ports.
    void connect(const Endpoint& endpoint, std::size_t index);
    void close() noexcept;

    // True once the connection and handshake are done; until then call again on every event.
    bool finish_connect();

    // Bytes read; 0: none now.
    std::ptrdiff_t read(std::span<char> into);
    // Bytes accepted; 0: the socket is full.
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
