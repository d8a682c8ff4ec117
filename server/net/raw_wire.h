#pragma once
// The socket below TLS, as a transport reads and writes it. The usual one is the socket itself and has no object; a
// fault puts one of these in between. One thread at a time.

#include <cstddef>

#include <sys/types.h>

namespace net {

class RawWire {
  public:
    virtual ~RawWire() = default;

    // As ::recv and ::send on a socket that does not block: -1 with errno.
    virtual ssize_t recv(char* into, std::size_t size) = 0;
    virtual ssize_t send(const char* bytes, std::size_t size) = 0;
    virtual void finish() = 0;  // FIN, behind what was sent
};

}  // namespace net
