#pragma once
// Sequences of attempts, one after the other; between two of them the device is let in until it is well. Shared by all
// acts about backoff. [verdict.md 2, Backoff] One thread.

#include "server/verdict/checks/sequence.h"

#include <optional>
#include <vector>

namespace verdict {

// An attempt refused at once may still take a moment on a slow link.
inline constexpr Moment refused_within = std::chrono::seconds(30);

class Backoff : public Act {
  public:
    void begin(Desk& desk) override { next(desk); }
    void on(const Observation& observation, Desk& desk) override;
    void at(Desk& desk) override;

  protected:
    // The next sequence; nullopt: judge.
    virtual std::optional<Sequence> following(const Desk& desk) = 0;
    virtual Result judge(const Desk& desk) const = 0;
    // Ends what keeps the device out.
    virtual void let_in(Desk& desk) const { desk.order(Disarm{}); }
    const std::vector<Sequence>& sequences() const { return sequences_; }
    static BackoffTerms terms(const Desk& desk) { return {desk.parameters().max_backoff}; }
    // Of a first sequence: it passes.
    static Sequence::Certain passes(const Desk& desk);
    // Of a second one, which a first one that passes needs only to tell whether chance is at work.
    Sequence::Certain tells_chance(const Desk& desk) const;

  private:
    void next(Desk& desk);
    void step(Desk& desk);
    void recover(const Observation& observation, Desk& desk);
    Result not_well() const;

    std::vector<Sequence> sequences_;
    bool recovering_ = false;
    bool let_in_ = false;    // while it recovers
    bool settling_ = false;  // it has reported
};

}  // namespace verdict
