#pragma once
// One run: a device, the checks that judge it, and where it stands. Observations and time in, results out. One thread.

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

// A check of a suite file: an act that the table does not have.
struct CustomCheck {
    std::string id;
    std::string title;
    CheckRow row = {};  // with views of the two
    std::function<std::unique_ptr<Act>()> make;
};

struct RunPlan {
    Subject subject;
    Parameters parameters = {};
    std::vector<const CheckRow*> checks = {};
    // Of a suite file; they have their turn behind the others.
    std::vector<std::shared_ptr<const CustomCheck>> custom = {};
    // By id: instead of `parameters`.
    std::map<std::string, Parameters, std::less<>> own_parameters = {};
    // How long watch checks look on after the device was first seen, at least, and how long it is waited for before.
    Moment watch_for = std::chrono::seconds(60);
    Moment wait_for_device = std::chrono::seconds(60);
    // The first act waits so long for two reports, from which the device's own interval is learnt.
    Moment look_first{0};
};

struct CheckView {
    const CheckRow* row = nullptr;
    Result result;
    std::optional<Moment> began = std::nullopt;  // of an act that has had its turn
    std::optional<Moment> ended = std::nullopt;
    std::span<const Mark> marks = {};  // of its turn, until the run goes on
};

// What a run waits for now.
struct Current {
    const CheckRow* row = nullptr;  // none: the device, or the end of looking on
    std::string waits_for;
    Moment until{0};
};

class Run {
  public:
    explicit Run(RunPlan plan);

    // Ignored once the run is over. Times never go back.
    void on(const Observation& observation);
    void at(Moment now);
    void abort(std::string why, Moment now);
    // An order of the act whose turn it is cannot be carried out: it is not run.
    void cannot(const std::string& why, Moment now);

    RunState state() const { return state_; }
    bool over() const { return state_ == RunState::done || state_ == RunState::aborted; }
    // When at() has something to do; asked for while the run is not over.
    Moment next_deadline() const;
    Moment ended() const { return ended_; }
    const RunPlan& plan() const { return plan_; }
    // What the server around it has to do now, in this order; asked for after every call of on(), at() and abort().
    std::vector<Order> take_orders();
    Current current() const;
    // How long it goes on from now, roughly, by the device's own pauses and Keep Alive as far as they are known.
    Moment left(Moment now) const;
    // Whether Journalled is of use now: a check of a suite file has its turn.
    bool wants_journal() const { return phase_ == Phase::acting && !over() && slots_[acting_].custom; }
    // The results so far; after the end the last ones.
    std::vector<CheckView> checks() const;
    std::size_t acts_ended() const { return acts_ended_; }
    // The worst of them; not_run where nothing was judged. [verdict.md 1]
    Outcome outcome() const;
    // Whether the device was accepted by a CONNACK at least once. Else `seen_instead` says what came of its attempts.
    bool connected_once() const { return connected_once_; }
    std::string seen_instead() const;
    const std::string& abort_reason() const { return abort_reason_; }

  private:
    struct Slot {
        const CheckRow* row = nullptr;
        std::unique_ptr<Watch> watch;
        std::unique_ptr<Act> act;
        std::optional<Result> result;  // of an act that had its turn
        bool custom = false;
        std::optional<Moment> began = std::nullopt;
        std::optional<Moment> ended = std::nullopt;
        Marks marks = {};
    };
    // Before the first act and after the last one the run only looks on.
    enum class Phase : std::uint8_t { looking, acting, recovering };

    const Parameters& parameters_of(const Slot& slot) const;
    Pace pace() const;
    void put_back();
    void note_attempt(const Observation& observation);
    void note_well(const Observation& observation);
    void next_act(Moment now);
    // Why the act cannot have its turn. [verdict.md 3, needs]
    std::optional<Result> missing(const Slot& slot) const;
    // What went wrong around the act, so that it cannot judge.
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
    std::size_t acting_ = 0;  // index of the slot whose turn it is, or comes next
    Habits habits_;
    Attempts attempts_{100};
    Moment longest_pause_{0};
    std::optional<Moment> shortest_pause_;
    bool reported_since_ = false;       // since the last act ended
    bool touched_ = false;              // the act gave an order
    bool rescued_ = false;              // a power cycle was asked for since then
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
