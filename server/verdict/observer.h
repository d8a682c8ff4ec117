#pragma once
// How the server reports events on connections to its runs. Loop thread only.

#include "server/verdict/observation.h"

#include <cstdint>
#include <string_view>

namespace journal {
struct Recorded;
}

namespace verdict {

// An event on a connection, and what is known of the connection at that time. Views are valid for the call.
struct Sighting {
    std::string_view connection = {};  // its id; empty: no connection
    std::string_view connector = {};   // empty: not yet known
    std::string_view identity = {};    // logged in as, or named by a refused CONNECT or a provisioning request
    std::string_view ip = {};
    std::uint64_t cursor = 0;
    std::uint64_t sent_bytes = 0;  // as Observation::sent_bytes
    Seen seen = {};
};

// Receives sightings. Callers test looks() first, so that nothing is gathered without need: one bit, no call.
class Observer {
  public:
    Observer() = default;
    Observer(const Observer&) = delete;
    Observer& operator=(const Observer&) = delete;
    virtual ~Observer() = default;

    bool looks() const { return looks_; }
    virtual void saw(const Sighting& sighting) = 0;
    // An event of the journal, from any device or call; its views are valid for the call.
    virtual void recorded(const journal::Recorded& event) = 0;

  protected:
    void look(bool looks) { looks_ = looks; }

  private:
    bool looks_ = false;
};

// Whether sightings are wanted.
inline bool looks(const Observer* observer) {
    return observer != nullptr && observer->looks();
}

}  // namespace verdict
