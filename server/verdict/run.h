#pragma once
// One run: a device, the checks that judge it, and its progress. Observations and time in, results out. One thread.

#include "server/verdict/attempts.h"
#include "server/verdict/check_table.h"
#include "server/verdict/estimate.h"
#include "server/verdict/habits.h"
#include "server/verdict/marks.h"
#include "server/verdict/observation.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace verdict {

enum class RunState : std::uint8_t { waiting_for_device, running, done, aborted };

std::string_view state_name(RunState state);

// A check of a suite file: an act that is not in the table.
struct CustomCheck {
    std::string id;
    std::string title;
    CheckRow row = {};  // its views refer to the two strings
    std::function<std::unique_ptr<Act>()> make;
};

struct RunPlan {
    Subject subject;
    Parameters parameters = {};
    std::vector<const CheckRow*> checks = {};
    // From a suite file; they run after the others.
    std::vector<std::shared_ptr<const CustomCheck>> custom = {};
    // By check id; used instead of `parameters`.
    std::map<std::string, Parameters, std::less<>> own_parameters = {};
    // How long watch checks observe after the device was first seen, at least; and how long to wait for it before.
    Moment watch_for = std::chrono::seconds(60);
    Moment wait_for_device = std::chrono::seconds(60);
    // The first act waits up to this long for two reports, to learn the device's own interval.
    Moment look_first{0};
};

struct CheckView {
    const CheckRow* row = nullptr;
    Result result;
    std::optional<Moment> began = std::nullopt;  // of an act that has begun
    std::optional<Moment> ended = std::nullopt;
    std::span<const Mark> marks = {};  // of its turn; valid until the run's next call
};

// What a run waits for now.
struct Current {
    const CheckRow* row = nullptr;  // nullptr: the device, or the end of the observation time
    std::string waits_for;
    Moment until{0};
};

class Run {
  public:
    explicit Run(RunPlan plan);

    // Ignored once the run is over. Times never decrease.
    void on(const Observation& observation);
    void at(Moment now);
    void abort(std::string why, Moment now);
    // An order of the current act cannot be carried out: the act is not run.
    void cannot(const std::string& why, Moment now);

    RunState state() const { return state_; }
    bool over() const { return state_ == RunState::done || state_ == RunState::aborted; }
    // When to call at(); valid while the run is not over.
    Moment next_deadline() const;
    Moment ended() const { return ended_; }
    const RunPlan& plan() const { return plan_; }
    // What the server must do now, in this order; call after every on(), at() and abort().
    std::vector<Order> take_orders();
    Current current() const;
    // Approximate remaining time, by the device's pauses and Keep Alive as far as known.
    Moment left(Moment now) const;
    // Whether to pass Journalled now: a check of a suite file is running.
    bool wants_journal() const { return phase_ == Phase::acting && !over() && slots_[acting_].custom; }
    // The results so far; final once the run is over.
    std::vector<CheckView> checks() const;
    std::size_t acts_ended() const { return acts_ended_; }
    // The worst of them; not_run if nothing was judged. [verdict.md 1]
    Outcome outcome() const;
    // Whether a CONNACK accepted the device at least once. If not, seen_instead() says what its attempts did.
    bool connected_once() const { return connected_once_; }
    std::string seen_instead() const;
    const std::string& abort_reason() const { return abort_reason_; }

  private:
    struct Slot {
        const CheckRow* row = nullptr;
        std::unique_ptr<Watch> watch;
        std::unique_ptr<Act> act;
        std::optional<Result> result;  // of an act that has had its turn
        bool custom = false;
        std::optional<Moment> began = std::nullopt;
        std::optional<Moment> ended = std::nullopt;
        Marks marks = {};
    };
    // Before the first act and after the last one the run only observes.
    enum class Phase : std::uint8_t { looking, acting, recovering };

    const Parameters& parameters_of(const Slot& slot) const;
    Pace pace() const;
    void put_back();
    void note_attempt(const Observation& observation);
    void note_well(const Observation& observation);
    void next_act(Moment now);
    // Why the act cannot run. [verdict.md 3, needs]
    std::optional<Result> missing(const Slot& slot) const;
    // What failed around the act, so that it cannot judge.
    std::optional<Result> broken(const Observation& observation) const;
    bool act_is_left() const;
    bool looked_long_enough(Moment now) const;
    void end_act(Result result, Moment now);
    void wait_until_well(Moment now);
    void recovered(Moment now);
    void not_well(Moment now);
    template <typename Call>
    void with_desk(Moment now, Call call);
    void finish(RunState state, Moment now);

    RunPlan plan_;
    std::vector<Slot> slots_;
    RunState state_ = RunState::waiting_for_device;
    Phase phase_ = Phase::looking;
    std::size_t acting_ = 0;  // index of the current or next act's slot
    Habits habits_;
    Attempts attempts_{100};
    Moment longest_pause_{0};
    std::optional<Moment> shortest_pause_;
    bool reported_since_ = false;       // since the last act ended
    bool settling_ = false;             // reported, and the PUBACK is on its way
    bool touched_ = false;              // the act gave an order
    bool rescued_ = false;              // a power cycle was requested since then
    std::optional<Moment> look_until_;  // from its first CONNACK on
    bool looked_ = false;               // acts may begin
    std::size_t acts_ended_ = 0;
    std::vector<Order> orders_;
    Desk::Waiting waiting_;
    Moment first_seen_{0};
    Moment ended_{0};
    bool connected_once_ = false;
    std::uint64_t connections_ = 0;
    std::uint64_t hellos_ = 0;
    std::string last_handshake_failure_;
    std::uint64_t connects_ = 0;
    std::uint8_t last_refusal_ = 0;
    std::string abort_reason_;
};

}  // namespace verdict
