#pragma once
// A file descriptor, closed by its owner.

#include <utility>

#include <sys/socket.h>
#include <unistd.h>

namespace net {

class Socket {
  public:
    explicit Socket(int fd) : fd_(fd) {}
    ~Socket() { close(); }
    Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, closed)) {}
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;
    Socket& operator=(Socket&&) = delete;

    int fd() const { return fd_; }
    // close() will send RST and drop what the kernel has not sent.
    void reset_at_close() const {
        const ::linger none{.l_onoff = 1, .l_linger = 0};
        ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &none, sizeof none);
    }
    void close() {
        if (fd_ != closed) ::close(std::exchange(fd_, closed));
    }

  private:
    static constexpr int closed = -1;
    int fd_;
};

}  // namespace net
