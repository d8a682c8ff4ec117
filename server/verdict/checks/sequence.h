#pragma once
// One sequence of attempts under one fault, until there are enough attempts or one pause has lasted long enough. Shared
// by all acts about backoff. One thread.

#include "server/verdict/act.h"
#include "server/verdict/attempts.h"
#include "server/verdict/backoff.h"

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace verdict {

class Sequence {
  public:
    // How long the pause behind these has to last until nothing that may follow changes the outcome; 0: it is certain.
    using Certain = std::function<Moment(std::span<const Moment> pauses)>;

    // `attempt_lasts`: an attempt that is open longer is one that the device does not give up.
    Sequence(std::string fault, std::size_t attempts, Moment attempt_lasts)
        : begin_{Arm{std::move(fault)}, Disconnect{}}, wanted_(attempts), attempt_lasts_(attempt_lasts) {}
    // For a refusal that is made by orders instead of a fault.
    Sequence(std::vector<Order> begin, std::size_t attempts, Moment attempt_lasts)
        : begin_(std::move(begin)), wanted_(attempts), attempt_lasts_(attempt_lasts) {}

    // Without it, a sequence ends with its last attempt, or with a pause of `max_backoff`.
    Sequence until(Certain certain) && {
        certain_ = std::move(certain);
        return std::move(*this);
    }

    void begin(Desk& desk);
    void on(const Observation& observation, Desk& desk);
    // The time of its last wait() came.
    void at();

    bool over() const { return over_; }
    // The device held one attempt open for too long.
    bool stuck() const { return stuck_; }
    // The last one may be a pause that was not waited for to its end: it was at least so long.
    const std::vector<Moment>& pauses() const { return pauses_; }
    // Those that ended.
    std::span<const Moment> whole_pauses() const { return std::span(pauses_).first(whole_); }
    const std::vector<Attempt>& attempts() const { return attempts_.all(); }
    int packets_after_refusal() const;

  private:
    void look(Desk& desk);

    std::vector<Order> begin_;
    std::size_t wanted_;
    Moment attempt_lasts_;
    Attempts attempts_;
    Certain certain_;
    std::vector<Moment> pauses_;
    std::size_t whole_ = 0;
    Moment pause_lasts_{0};  // no longer one is waited for now
    bool over_ = false;
    bool stuck_ = false;
};

}  // namespace verdict
