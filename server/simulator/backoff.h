#pragma once
// How long a device waits before the next attempt: doubled after each failure up to a limit, with random spread, so
// that a fleet does not return all at once.

#include "server/simulator/chance.h"
#include "server/simulator/moment.h"

#include <algorithm>

namespace simulator {

class Backoff {
  public:
    Backoff(Span first, Span most) : first_(first), most_(most), next_(first) {}

    Span pause(Chance& chance) {
        const Span pause = next_;
        next_ = std::min(2 * next_, most_);
        return span_of(seconds_of(pause) * chance.between(0.7, 1.3));
    }

    // The attempt succeeded: the next failure is a new one.
    void reset() { next_ = first_; }

  private:
    Span first_, most_, next_;
};

}  // namespace simulator
