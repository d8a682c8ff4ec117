#pragma once
// The socket below TLS, as a transport reads and writes it. Usually the transport uses the socket directly; a fault
// puts one of these in between. One thread at a time.

#include <cstddef>

#include <sys/types.h>

namespace net {

class RawWire {
  public:
    virtual ~RawWire() = default;

    // As ::recv and ::send on a non-blocking socket: -1 with errno.
    virtual ssize_t recv(char* into, std::size_t size) = 0;
    virtual ssize_t send(const char* bytes, std::size_t size) = 0;
    virtual void finish() = 0;  // FIN, after what was sent
};

}  // namespace net
