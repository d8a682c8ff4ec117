#pragma once
// What many acts look for in an observation, and how long they wait. Pure; any thread.

#include "server/verdict/act.h"

#include <algorithm>
#include <deque>
#include <string>
#include <string_view>

namespace verdict {

// A CONNACK accepted the device with its credential.
inline bool logs_in(const Observation& observation) {
    const auto* connack = std::get_if<ConnackLeft>(&observation.seen);
    return connack && connack->code == 0 && !connack->anonymous;
}

// The device reports something, valid or not.
inline bool reports(const Observation& observation) {
    const auto* publish = std::get_if<PublishCame>(&observation.seen);
    return publish && is_report_topic(publish->packet.topic);
}

// The MQTT connection of its last login ended; connections of downloads do not count.
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

// How long a device that lost its connection may take to return, by its own pauses. The current pause may have doubled
// beyond max_backoff_s; and if less than a minute is asked (quick), its own limit may still be a minute.
inline Moment comes_back_within(const Desk& desk) {
    const Moment asked = desk.parameters().max_backoff;
    return std::max(2 * asked, longest_unseen_pause(asked)) + desk.parameters().patience;
}

// How long a connected device may take to report again; if its interval is unknown, long enough to see that the act did
// no harm.
inline constexpr Moment settles_within = std::chrono::seconds(5);
inline Moment reports_within(const Desk& desk) {
    const auto interval = desk.habits().report_interval();
    return interval ? 2 * *interval + desk.parameters().patience : std::min(settles_within, desk.parameters().patience);
}

// The newest times within a window, to detect a loop.
class Loop {
  public:
    // More than `most` within `length` is a loop.
    Loop(Moment length, std::size_t most) : length_(length), most_(most) {}

    // True: with this time it is a loop.
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

// "More than 3 in 10 s", as in the rule for takeovers. [R22]
inline constexpr Moment loop_window = std::chrono::seconds(10);
inline constexpr std::size_t loop_limit = 3;

}  // namespace verdict
