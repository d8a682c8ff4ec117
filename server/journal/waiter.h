#pragma once
// Waits for events: receives them in order, each once, and says whether the goal is reached and, if not, which events
// came near. A value machine without clock or store. One thread.

#include "server/journal/match.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace journal {

struct Goal {
    std::vector<Match> steps;              // one, or a sequence in this order; other events may come in between
    std::uint64_t count = 1;               // number of events that fit the single step
    bool exactly = false;                  // no more than that: decided only when the time is over
    std::size_t most_payload = 64 * 1024;  // bytes shown per event
};

struct NearMiss {
    std::string event;  // JSON
    std::string why;
};

class Waiter {
  public:
    static constexpr std::size_t most_near_misses = 5;
    static constexpr std::size_t most_steps_ahead = 5;                 // compared with an event out of order
    static constexpr std::size_t most_event_bytes = 16 * 1024 * 1024;  // of JSON; further events are only counted

    explicit Waiter(Goal goal) : goal_(std::move(goal)) {}

    // An event within the wait. No effect once reached() is true.
    void take(const Recorded& recorded);
    // An event from before the wait: can only be a near miss.
    void take_earlier(const Recorded& recorded);

    bool reached() const;                                               // now, whatever follows
    bool reached_at_end() const;                                        // if the time were over now
    const std::vector<std::string>& events() const { return events_; }  // the fitting ones, as JSON
    std::int64_t last_cursor() const { return last_cursor_; }           // of the last fitting event; 0: none

    // "1 of 2 events came", "step 2 of 3 did not come"
    std::string shortfall() const;

    enum class Reason : std::uint8_t { one_too_many, out_of_order, before_the_wait, differs };
    // Only the event's cursor: an event may be of any size, and is described only on request.
    struct Near {
        Reason reason;
        unsigned nearness;  // 0: it fits, but
        std::int64_t cursor;
        std::size_t step;  // the step that it fits
    };
    const std::vector<Near>& near_misses() const { return near_; }  // nearest first
    NearMiss in_words(const Near& near, const Recorded& recorded) const;

    std::size_t held_bytes() const { return event_bytes_; }

  private:
    const Match& step() const { return goal_.steps[step_]; }
    bool is_sequence() const { return goal_.steps.size() > 1; }
    void count_in(const Recorded& recorded);
    void consider(const Recorded& recorded);
    void keep(Reason reason, unsigned nearness, std::size_t step, const Recorded& recorded);
    std::string why(const Near& near, const Recorded& recorded) const;

    Goal goal_;
    std::size_t step_ = 0;
    std::uint64_t found_ = 0;
    std::int64_t last_cursor_ = 0;
    std::size_t event_bytes_ = 0;
    std::vector<std::string> events_;
    std::vector<Near> near_;
};

}  // namespace journal
