#include "server/control/verdict_calls.h"

#include <algorithm>
#include <utility>

namespace device {
namespace {

constexpr const char* reset_reason = "the device was reset";

ControlError unknown_run() {
    return {ErrorKind::not_found, "there is no such run", {}};
}

}  // namespace

VerdictCalls::VerdictCalls(const Parts& parts) : parts_(parts), recorder_(parts_.context), runs_(parts_.most) {}

void VerdictCalls::on_work(std::function<void()> soon, std::function<void(verdict::Steady)> later) {
    soon_ = std::move(soon);
    later_ = std::move(later);
}

verdict::Steady VerdictCalls::now() const {
    return std::chrono::duration_cast<verdict::Steady>(parts_.context.clock.steady_now().time_since_epoch());
}

// What a check orders is carried out in a turn of its own: whoever is seen is in the middle of something.
void VerdictCalls::saw(const verdict::Sighting& sighting) {
    runs_.saw(sighting, now());
    schedule();
}

void VerdictCalls::recorded(const journal::Recorded& event) {
    const auto cursor = static_cast<std::uint64_t>(event.cursor);
    if (runs_.journalled(event.event.connector, cursor, event, now())) schedule();
}

void VerdictCalls::schedule() {
    if (!std::exchange(turning_, true)) soon_();
}

void VerdictCalls::turn() {
    turning_ = false;
    runs_.at(now());
    tell_neighbours();
    carry_out();
    settle();
    if (std::ranges::any_of(going_, [](const auto& one) { return one.second.hand.is_left(); })) schedule();
    look(runs_.any_going_on());
    watch_tasks();
    if (const auto next = runs_.next_deadline()) later_(*next);
}

// Checks that strike before CONNECT would strike others, too. That there is one is enough for them.
void VerdictCalls::tell_neighbours() {
    for (auto& [id, going] : going_) {
        const auto* entry = runs_.find(id);
        const auto& subject = entry->run.plan().subject;
        const bool alone = !parts_.world.others_connected({subject.connector, subject.identity}, subject.connector, {});
        if (going.alone == alone) continue;
        going.alone = alone;
        runs_.neighbours(id, alone ? 0 : 1, now());
    }
}

// A check that ends, because an order of it cannot be carried out, lets the next one begin.
void VerdictCalls::carry_out() {
    constexpr int most_rounds = 200;  // no fewer than there are checks
    for (int round = 0; round < most_rounds; ++round) {
        for (auto& [entry, order] : runs_.take_orders())
            if (const auto going = going_.find(entry->id); going != going_.end())
                going->second.hand.take(std::move(order));
        bool refused = false;
        for (auto& [id, going] : going_) {
            const auto& from = runs_.find(id)->addresses;
            const auto why = going.hand.go_on(from.empty() ? std::string() : from.back());
            if (why) runs_.cannot(id, *why, now());
            refused |= why.has_value();
        }
        if (!refused) return;
    }
}

void VerdictCalls::settle() {
    bool ended = false;
    for (auto one = going_.begin(); one != going_.end();) {
        const auto* entry = runs_.find(one->first);
        auto& going = one->second;
        tell_outcomes(*entry, going);
        // What is being made would be in force behind its end.
        if (!entry->run.over() || going.hand.waits()) {
            ++one;
            continue;
        }
        going.hand.undo();
        const auto& run = entry->run;
        const auto outcome = verdict::outcome_name(run.outcome());
        tell(*entry, {.what = "ended",
                      .outcome = run.state() == verdict::RunState::aborted ? "aborted" : outcome,
                      .message = run.abort_reason()});
        one = going_.erase(one);
        ended = true;
    }
    if (ended) keep();
}

// Of an act when it has had its turn, of a watch check at the end.
void VerdictCalls::tell_outcomes(const verdict::Runs::Entry& entry, Going& going) {
    if (std::exchange(going.acts_told, entry.run.acts_ended()) == entry.run.acts_ended() && !entry.run.over()) return;
    for (const auto& check : entry.run.checks()) {
        const std::string id(check.row->id);
        if ((!check.ended && !entry.run.over()) || !going.told.insert(id).second) continue;
        tell(entry, {.what = "outcome",
                     .check = id,
                     .outcome = verdict::outcome_name(check.result.outcome),
                     .message = check.result.message});
    }
}

void VerdictCalls::tell(const verdict::Runs::Entry& entry, const Step& step) {
    const auto& subject = entry.run.plan().subject;
    const journal::VerdictPayload told{entry.id, step.what, step.check, step.hook, step.outcome, step.message};
    recorder_.event(Subject{.connector = subject.connector, .identity = subject.identity}, journal::EventType::verdict,
                    parts_.context.clock.now(subject.connector), told);
}

// Faults that need certificates are made on the helper thread.
void VerdictCalls::watch_tasks() {
    const bool waits = std::ranges::any_of(going_, [](const auto& one) { return one.second.hand.waits(); });
    if (waits && watch_ == 0) watch_ = parts_.control.watch_events([this] { schedule(); });
    if (!waits && watch_ != 0) parts_.control.unwatch_events(std::exchange(watch_, 0));
}

// --- calls ---

std::variant<std::string, ControlError> VerdictCalls::start(RunRequest request) {
    const auto real_us = parts_.context.clock.now().real_us;
    auto started = runs_.start(std::move(request.plan), std::move(request.suite), real_us, now());
    if (const auto* other = std::get_if<verdict::AlreadyRuns>(&started))
        return ControlError{ErrorKind::conflict, "run " + other->id + " judges that device already", "$.identity"};
    if (std::holds_alternative<verdict::TooManyRuns>(started))
        return ControlError{ErrorKind::limit, "limits.max_runs runs are active already", {}};
    const auto id = std::get<verdict::Started>(started).id;
    const auto& entry = *runs_.find(id);
    going_.emplace(id, Going{.hand = make_hand(id, entry.run.plan().subject, std::move(request.hooks)), .told = {}});
    look(true);
    tell(entry, {.what = "began", .message = entry.suite});
    see_what_is_there(entry, !request.watch_only);
    keep();
    schedule();
    return id;
}

RunHand VerdictCalls::make_hand(const std::string& run, const verdict::Subject& subject, std::set<std::string> hooks) {
    const auto ask = [this](const std::string& of_run, const std::string& hook) {
        if (const auto* asks = runs_.find(of_run)) tell(*asks, {.what = "hook", .hook = hook});
    };
    return RunHand({parts_.control, parts_.faults, parts_.world, ask, [this] { keep(); }, parts_.invite}, run, subject,
                   std::move(hooks));
}

// A device that is connected already comes back for a run that acts; one that only looks on takes it as it is.
void VerdictCalls::see_what_is_there(const verdict::Runs::Entry& entry, bool acts) {
    const auto& subject = entry.run.plan().subject;
    const RunWorld::Whom whom{subject.connector, subject.identity};
    if (acts) return parts_.world.disconnect(whom);
    for (const auto& [connection, ip] : parts_.world.connections(whom)) {
        for (const verdict::Seen& seen : {verdict::Seen(verdict::Accepted{}), verdict::Seen(verdict::ConnackLeft{})})
            runs_.saw({.connection = connection,
                       .connector = subject.connector,
                       .identity = subject.identity,
                       .ip = ip,
                       .seen = seen},
                      now());
    }
}

std::set<std::string> VerdictCalls::hooks_asked(std::string_view run) const {
    const auto going = going_.find(run);
    return going == going_.end() ? std::set<std::string>() : going->second.hand.asked();
}

Failure VerdictCalls::remove(const std::string& run) {
    if (runs_.find(run) == nullptr) return unknown_run();
    if (going_.contains(run)) {
        runs_.abort(run, "it was asked to end", now());
        turn();
    } else {
        runs_.remove(run);
    }
    return std::nullopt;
}

Failure VerdictCalls::answer_hook(const std::string& run, const std::string& hook, const std::string& error) {
    const auto going = going_.find(run);
    if (going == going_.end()) return unknown_run();
    if (!going->second.hand.answered(hook))
        return ControlError{ErrorKind::not_found, "run " + run + " does not wait for a hook \"" + hook + '"', {}};
    runs_.hook_answered(run, {hook, error}, now());
    schedule();
    return std::nullopt;
}

void VerdictCalls::reset(std::string_view connector, std::string_view identity) {
    for (const auto& entry : runs_.all()) {
        const auto& subject = entry->run.plan().subject;
        const bool named =
            (connector.empty() || subject.connector == connector) && (identity.empty() || subject.identity == identity);
        if (named) runs_.abort(entry->id, reset_reason, now());
    }
    turn();
}

void VerdictCalls::abort_all(const std::string& why) {
    if (!runs_.any_going_on()) return;
    runs_.abort_all(why, now());
    turn();
}

}  // namespace device
