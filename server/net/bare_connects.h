#pragma once
// Connections that end before a single byte came: container tools, load balancers and monitors look at a port like
// that. One finding for an address and ten minutes tells of them. One thread.

#include <chrono>
#include <cstddef>
#include <map>
#include <string>

namespace net {

class BareConnects {
  public:
    using TimePoint = std::chrono::steady_clock::time_point;
    static constexpr std::chrono::minutes window{10};

    // One more from this address. How many are to be told of now, those included that were not told of; 0: none yet.
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
