#pragma once
// A file descriptor that is closed with its owner.

#include <utility>

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
    void close() {
        if (fd_ != closed) ::close(std::exchange(fd_, closed));
    }

  private:
    static constexpr int closed = -1;
    int fd_;
};

}  // namespace net
