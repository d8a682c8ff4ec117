#pragma once
// What many acts ask of an observation, and how long they wait. Pure; any thread.

#include "server/verdict/act.h"

#include <algorithm>
#include <deque>
#include <string>
#include <string_view>

namespace verdict {

// A CONNACK accepted it with its credential.
inline bool logs_in(const Observation& observation) {
    const auto* connack = std::get_if<ConnackLeft>(&observation.seen);
    return connack && connack->code == 0 && !connack->anonymous;
}

// It reports something, whatever becomes of it.
inline bool reports(const Observation& observation) {
    const auto* publish = std::get_if<PublishCame>(&observation.seen);
    return publish && is_report_topic(publish->packet.topic);
}

// The MQTT connection on which it logged in last ended; those of downloads are others.
inline bool loses_connection(const Observation& observation, const Desk& desk) {
    return std::holds_alternative<Closed>(observation.seen) && observation.connection == desk.habits().connection();
}

inline bool hits(const Observation& observation, std::string_view kind) {
    const auto* hit = std::get_if<FaultHit>(&observation.seen);
    return hit && hit->kind == kind;
}

inline bool answers_hook(const Observation& observation, std::string_view name) {
    const auto* answer = std::get_if<HookAnswered>(&observation.seen);
    return answer && answer->name == name;
}

// Until a device that lost its connection is back, by its own pauses. The one that it is in may have doubled beyond
// max_backoff_s; and where less than a minute is asked of it (quick), its own limit may be a minute all the same.
inline Moment comes_back_within(const Desk& desk) {
    const Moment asked = desk.parameters().max_backoff;
    return std::max(2 * asked, longest_unseen_pause(asked)) + desk.parameters().patience;
}

// Until a device that is connected reports again; where no interval is known, as long as it takes to see that nothing
// bad comes of what was done to it.
inline constexpr Moment settles_within = std::chrono::seconds(5);
inline Moment reports_within(const Desk& desk) {
    const auto interval = desk.habits().report_interval();
    return interval ? 2 * *interval + desk.parameters().patience : std::min(settles_within, desk.parameters().patience);
}

// The newest times within a window: whether they come in a loop.
class Loop {
  public:
    // More than `most` within `length` is a loop.
    Loop(Moment length, std::size_t most) : length_(length), most_(most) {}

    // Whether this one makes it a loop.
    bool add(Moment at) {
        while (!times_.empty() && at - times_.front() >= length_) times_.pop_front();
        times_.push_back(at);
        if (times_.size() > most_ + 1) times_.pop_front();
        return times_.size() > most_;
    }
    std::size_t count() const { return times_.size(); }
    void clear() { times_.clear(); }

  private:
    Moment length_;
    std::size_t most_;
    std::deque<Moment> times_;
};

// "More than 3 in 10 s", as the rule for takeovers has it. [R22]
inline constexpr Moment loop_window = std::chrono::seconds(10);
inline constexpr std::size_t loop_limit = 3;

}  // namespace verdict
