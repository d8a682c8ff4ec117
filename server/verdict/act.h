#pragma once
// An act check: in its turn it provokes the device; it ends as soon as its outcome is certain. [verdict.md 2]

#include "server/verdict/habits.h"
#include "server/verdict/observation.h"
#include "server/verdict/orders.h"
#include "server/verdict/profile.h"
#include "server/verdict/result.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace verdict {

// A device takes its connection for good when it has read the PUBACK of its first report, and begins its pauses anew
// then. What is done to it before that meets the pauses of the last time.
inline constexpr Moment reads_puback_within = std::chrono::milliseconds(100);
inline bool is_acknowledged_report(const Observation& observation) {
    const auto* publish = std::get_if<PublishCame>(&observation.seen);
    return publish && is_report_topic(publish->packet.topic) && publish->packet.qos == 1;
}

// What an act works with while it is called. One thread; lives for the call.
class Desk {
  public:
    Desk(Moment now, const Subject& subject, const Parameters& parameters, const Habits& habits)
        : now_(now), subject_(subject), parameters_(parameters), habits_(habits) {}

    Moment now() const { return now_; }
    const Subject& subject() const { return subject_; }
    const Parameters& parameters() const { return parameters_; }
    const Habits& habits() const { return habits_; }

    bool has_hook(std::string_view name) const {
        return std::ranges::find(parameters_.hooks, name) != parameters_.hooks.end();
    }

    template <typename T>
    void order(T order) {
        orders_.emplace_back(std::in_place_type<T>, std::move(order));
    }
    // What the act waits for, in words; at() is called at `until` if nothing comes before. Replaces the last wait().
    void wait(std::string what, Moment until) { waiting_ = {std::move(what), until}; }
    // The act is over: its faults end, and it is not called again.
    void end(Result result) { result_ = std::move(result); }

    struct Waiting {
        std::string what;
        Moment until{0};
    };
    std::vector<Order> take_orders() { return std::exchange(orders_, {}); }
    const std::optional<Waiting>& waiting() const { return waiting_; }
    const std::optional<Result>& result() const { return result_; }

  private:
    Moment now_;
    const Subject& subject_;
    const Parameters& parameters_;
    const Habits& habits_;
    std::vector<Order> orders_;
    std::optional<Waiting> waiting_;
    std::optional<Result> result_;
};

class Act {
  public:
    Act() = default;
    Act(const Act&) = delete;
    Act& operator=(const Act&) = delete;
    virtual ~Act() = default;

    // The device is well when it begins. Each of the three calls wait() or end() before it returns.
    virtual void begin(Desk& desk) = 0;
    virtual void on(const Observation& observation, Desk& desk) = 0;
    // The time given to the last wait() has come.
    virtual void at(Desk& desk) = 0;
};

using MakeAct = std::unique_ptr<Act> (*)();

}  // namespace verdict
