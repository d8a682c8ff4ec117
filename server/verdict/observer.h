#pragma once
// What the server tells its runs of what happens on connections. Loop thread only.

#include "server/verdict/observation.h"

#include <cstdint>
#include <string_view>

namespace journal {
struct Recorded;
}

namespace verdict {

// Something that happened on a connection, and what is known of it at that moment. Views live for the call.
struct Sighting {
    std::string_view connection = {};  // its id; empty: of no connection
    std::string_view connector = {};   // empty: not known yet
    std::string_view identity = {};  // that it logged in as, or that a refused CONNECT or a provisioning request names
    std::string_view ip = {};
    std::uint64_t cursor = 0;
    Seen seen = {};
};

// Who wants to see. Asked first, so that nothing is gathered for nobody: one bit, and no call.
class Observer {
  public:
    Observer() = default;
    Observer(const Observer&) = delete;
    Observer& operator=(const Observer&) = delete;
    virtual ~Observer() = default;

    bool looks() const { return looks_; }
    virtual void saw(const Sighting& sighting) = 0;
    // An event of the journal, of whatever device or call; its views hold during the call.
    virtual void recorded(const journal::Recorded& event) = 0;

  protected:
    void look(bool looks) { looks_ = looks; }

  private:
    bool looks_ = false;
};

// Whether somebody wants to see.
inline bool looks(const Observer* observer) {
    return observer != nullptr && observer->looks();
}

}  // namespace verdict
