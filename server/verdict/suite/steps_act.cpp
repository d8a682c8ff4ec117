#include "server/verdict/suite/steps_act.h"

#include "server/journal/waiter.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace verdict::suite {

namespace {

template <typename T>
const T* as(const Step& step) {
    return std::get_if<T>(&step.what);
}

// The device of the run is meant where the filter names none.
journal::Match resolved(journal::Match match, const Subject& subject) {
    if (match.filter.identity.empty() || match.filter.identity == "$identity") match.filter.identity = subject.identity;
    if (match.filter.connector.empty() || match.filter.connector == "$connector")
        match.filter.connector = subject.connector;
    return match;
}

class Steps final : public Act {
  public:
    explicit Steps(const Custom& check) : steps_(check.steps), timeout_(check.timeout) {}

    void begin(Desk& desk) override {
        for (const Step& step : steps_)
            if (const auto* hook = as<Hook>(step); hook && !desk.has_hook(hook->name))
                return desk.end(not_run("It needs the hook '" + hook->name + "', which the run does not have."));
        deadline_ = desk.now() + timeout_;
        go_on(desk);
    }
    void on(const Observation& observation, Desk& desk) override {
        if (const auto* hook = as<Hook>(steps_[turn_])) {
            if (std::holds_alternative<HookAnswered>(observation.seen) &&
                std::get<HookAnswered>(observation.seen).name == hook->name)
                next(desk);
            return;
        }
        const auto* journalled = std::get_if<Journalled>(&observation.seen);
        if (!journalled || journalled->event == nullptr || !waiter_) return;
        take(*journalled->event, desk);
    }
    void at(Desk& desk) override {
        const bool in_time = step_until_ <= deadline_;
        if (in_time && (as<Wait>(steps_[turn_]) || as<Never>(steps_[turn_]))) return next(desk);
        const auto* expect = as<Expect>(steps_[turn_]);
        if (in_time && expect)
            return fail(desk, "it did not come within " + seconds_text(expect->within) + near_text());
        fail(desk, "the check's time of " + seconds_text(timeout_) + " was over" + near_text());
    }

  private:
    void next(Desk& desk) {
        ++turn_;
        go_on(desk);
    }
    // To the next step that takes time.
    void go_on(Desk& desk) {
        while (turn_ < steps_.size() && at_once(steps_[turn_], desk)) ++turn_;
        if (turn_ == steps_.size()) return end(desk, passed(count() + " passed."));
        start(steps_[turn_], desk);
    }
    static bool at_once(const Step& step, Desk& desk) {
        if (const auto* set = as<Set>(step))
            for (const auto& [alias, text] : set->values) desk.order(SetValue{alias, text});
        if (const auto* fault = as<Fault>(step)) desk.order(Arm{fault->json});
        if (as<Clear>(step)) desk.order(Disarm{});
        if (const auto* advance = as<Advance>(step)) desk.order(AdvanceClock{advance->by});
        if (as<suite::Disconnect>(step)) desk.order(verdict::Disconnect{});
        if (const auto* publish = as<Publish>(step)) desk.order(PublishTo{publish->topic, publish->payload});
        return !(as<Expect>(step) || as<Never>(step) || as<Hook>(step) || as<Wait>(step));
    }
    void start(const Step& step, Desk& desk) {
        waiter_.reset();
        near_.clear();
        step_until_ = deadline_;
        if (const auto* expect = as<Expect>(step)) listen(expect->match, expect->within, desk);
        if (const auto* never = as<Never>(step)) listen(never->match, never->span, desk);
        if (const auto* wait = as<Wait>(step)) step_until_ = desk.now() + wait->span;
        if (const auto* hook = as<Hook>(step)) desk.order(CallHook{hook->name});
        desk.wait(where(), std::min(step_until_, deadline_));
    }
    void listen(const journal::Match& match, Moment span, const Desk& desk) {
        journal::Goal goal;
        goal.steps.push_back(resolved(match, desk.subject()));
        waiter_.emplace(std::move(goal));
        step_until_ = desk.now() + span;
    }
    void take(const journal::Recorded& event, Desk& desk) {
        waiter_->take(event);
        const auto& near = waiter_->near_misses();
        if (!near.empty() && near.front().cursor == event.cursor) near_ = waiter_->in_words(near.front(), event).why;
        if (!waiter_->reached()) return;
        if (event.cursor > 0 && evidence_.size() < max_evidence)
            evidence_.push_back(static_cast<std::uint64_t>(event.cursor));
        if (as<Never>(steps_[turn_])) return fail(desk, "it came: " + waiter_->events().front());
        next(desk);
    }
    void fail(Desk& desk, const std::string& what) {
        end(desk, failed("At " + where() + ", " + what + ".", steps_[turn_].hint));
    }
    void end(Desk& desk, Result result) const {
        result.evidence = evidence_;
        desk.end(std::move(result));
    }
    // "step 2 of 10 (expect)"
    std::string where() const {
        return "step " + std::to_string(turn_ + 1) + " of " + std::to_string(steps_.size()) + " (" +
               std::string(step_name(steps_[turn_])) + ")";
    }
    std::string count() const {
        return steps_.size() == 1 ? "The one step" : "All " + std::to_string(steps_.size()) + " steps";
    }
    std::string near_text() const { return near_.empty() ? "" : "; what came near: " + near_; }

    std::vector<Step> steps_;
    Moment timeout_;
    Moment deadline_{0};
    std::size_t turn_ = 0;
    Moment step_until_{0};
    std::optional<journal::Waiter> waiter_;
    std::string near_;  // why the nearest event was not it
    std::vector<std::uint64_t> evidence_;
};

}  // namespace

std::unique_ptr<Act> act_of_steps(const Custom& check) {
    return std::make_unique<Steps>(check);
}

}  // namespace verdict::suite
