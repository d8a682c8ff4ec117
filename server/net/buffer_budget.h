#pragma once
// Memory that all connections together hold for incomplete packets and requests and for unsent output: one number and
// its limit. Loop thread only.

#include <cstddef>

namespace net {

class BufferBudget {
  public:
    explicit BufferBudget(std::size_t limit) : limit_(limit) {}

    void replace(std::size_t before, std::size_t now) { used_ = used_ - before + now; }
    std::size_t used() const { return used_; }
    std::size_t limit() const { return limit_; }
    bool exceeded() const { return used_ > limit_; }

  private:
    std::size_t limit_;
    std::size_t used_ = 0;
};

}  // namespace net
