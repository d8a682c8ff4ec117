#pragma once
// Connections that end before a single byte came, as from container tools, load balancers and monitors that probe a
// port. One finding per address and ten minutes reports them. One thread.

#include <chrono>
#include <cstddef>
#include <map>
#include <string>

namespace net {

class BareConnects {
  public:
    using TimePoint = std::chrono::steady_clock::time_point;
    static constexpr std::chrono::minutes window{10};

    // Adds one from this address. Returns how many to report now, including unreported ones; 0: none yet.
    std::size_t note(const std::string& address, TimePoint now);

  private:
    struct Seen {
        TimePoint told;
        std::size_t untold = 0;
    };
    void make_room();

    std::map<std::string, Seen> addresses_;  // bounded
};

}  // namespace net
