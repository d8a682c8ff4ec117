#pragma once
// A non-blocking socket, plain or with TLS: each call returns what it waits for, and the connection waits for it.
// OpenSSL works on the socket itself, so that an idle TLS connection holds no buffers of ours.

#include "server/net/raw_wire.h"
#include "server/net/socket.h"
#include "server/net/tls/context.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include <openssl/ssl.h>

namespace net {

enum class IoStatus : std::uint8_t {
    ok,
    want_read,    // call again when the socket is readable
    want_write,   // call again when it is writable
    want_helper,  // the costly part of a handshake is next; any thread may do it
    end,          // the peer closed cleanly
    error         // anything else; the connection is lost
};

struct IoResult {
    IoStatus status = IoStatus::ok;
    std::size_t bytes = 0;
};

class Transport {
  public:
    explicit Transport(Socket&& socket) : socket_(std::move(socket)) {}
    Transport(const Transport&) = delete;
    Transport& operator=(const Transport&) = delete;
    virtual ~Transport() = default;

    virtual IoResult handshake() = 0;
    // Reads what is available and fits. Sets `whole` if nothing more can be waiting.
    virtual IoResult read(std::span<char> into, bool& whole) = 0;
    virtual IoResult write(std::string_view bytes) = 0;
    // Announces the end of our output (close_notify, FIN). Does not wait for the peer's answer.
    virtual void finish() = 0;
    virtual SSL* tls() { return nullptr; }
    virtual int tls_error() const { return 0; }  // SSL_get_error of the last call
    // From now on bytes go through `wire` instead of directly to the socket, below TLS if there is TLS.
    virtual void use_wire(std::unique_ptr<RawWire> wire) { wire_ = std::move(wire); }
    // TLS: limits records to this many bytes of data; 0: no limit.
    virtual void limit_records([[maybe_unused]] std::size_t bytes) {}

    Socket& socket() { return socket_; }

  protected:
    RawWire* wire() { return wire_.get(); }
    void end_stream();  // FIN

  private:
    Socket socket_;
    std::unique_ptr<RawWire> wire_;  // nullptr: the socket itself
};

std::unique_ptr<Transport> make_plain_transport(Socket&& socket);
std::unique_ptr<Transport> make_tls_transport(Socket&& socket, TlsContext& context);

}  // namespace net
