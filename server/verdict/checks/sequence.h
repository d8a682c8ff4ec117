#pragma once
// One sequence of attempts under one fault, until there are enough attempts or one pause has lasted long enough. Shared
// by all acts about backoff. One thread.

#include "server/verdict/act.h"
#include "server/verdict/attempts.h"
#include "server/verdict/backoff.h"

#include <string>
#include <vector>

namespace verdict {

class Sequence {
  public:
    // `attempt_lasts`: an attempt open for longer is one that the device does not give up.
    Sequence(std::string fault, std::size_t attempts, Moment attempt_lasts)
        : begin_{Arm{std::move(fault)}, Disconnect{}}, wanted_(attempts), attempt_lasts_(attempt_lasts) {}
    // For a refusal that is made by orders instead of a fault.
    Sequence(std::vector<Order> begin, std::size_t attempts, Moment attempt_lasts)
        : begin_(std::move(begin)), wanted_(attempts), attempt_lasts_(attempt_lasts) {}

    void begin(Desk& desk);
    void on(const Observation& observation, Desk& desk);
    void at(Desk& desk);

    bool over() const { return over_; }
    // The device held one attempt open for too long.
    bool stuck() const { return stuck_; }
    const std::vector<Moment>& pauses() const { return pauses_; }
    const std::vector<Attempt>& attempts() const { return attempts_.all(); }
    int packets_after_refusal() const;

  private:
    void look(Desk& desk);

    std::vector<Order> begin_;
    std::size_t wanted_;
    Moment attempt_lasts_;
    Attempts attempts_;
    std::vector<Moment> pauses_;
    bool over_ = false;
    bool stuck_ = false;
};

}  // namespace verdict
