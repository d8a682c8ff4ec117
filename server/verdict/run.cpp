#include "server/verdict/run.h"

#include <algorithm>
#include <utility>

namespace verdict {

namespace {

std::string times(std::uint64_t count) {
    return count == 1 ? "once" : std::to_string(count) + " times";
}

std::string refusal_text(std::uint8_t code) {
    switch (code) {
        case 1:
            return "1 (unacceptable protocol level)";
        case 2:
            return "2 (identifier rejected)";
        case 3:
            return "3 (server unavailable)";
        case 4:
            return "4 (bad user name or password)";
        case 5:
            return "5 (not authorized)";
        default:
            return std::to_string(code);
    }
}

}  // namespace

std::string_view state_name(RunState state) {
    switch (state) {
        case RunState::waiting_for_device:
            return "waiting_for_device";
        case RunState::running:
            return "running";
        case RunState::done:
            return "done";
        case RunState::aborted:
            break;
    }
    return "aborted";
}

Run::Run(RunPlan plan) : plan_(std::move(plan)) {
    for (const CheckRow* row : plan_.checks) {
        Slot& slot = slots_.emplace_back();
        slot.row = row;
        if (row->watch) slot.watch = row->watch(plan_.subject, parameters_of(slot));
        if (row->act) slot.act = row->act();
    }
    for (const auto& custom : plan_.custom) {
        Slot& slot = slots_.emplace_back();
        slot.row = &custom->row;
        slot.act = custom->make();
        slot.custom = true;
    }
}

const Parameters& Run::parameters_of(const Slot& slot) const {
    const auto own = plan_.own_parameters.find(slot.row->id);
    return own == plan_.own_parameters.end() ? plan_.parameters : own->second;
}

void Run::on(const Observation& observation) {
    if (over()) return;
    // What is of no connection tells nothing of the device.
    if (state_ == RunState::waiting_for_device && observation.connection != 0) {
        state_ = RunState::running;
        first_seen_ = observation.at;
    }
    const bool provoked = phase_ != Phase::looking;
    note_attempt(observation);
    habits_.on(observation, provoked);
    for (Slot& slot : slots_)
        if (slot.watch) slot.watch->on(observation, provoked);
    if (state_ == RunState::waiting_for_device) return;
    if (phase_ != Phase::acting) return note_well(observation);
    slots_[acting_].marks.on(observation);
    if (auto result = broken(observation)) return end_act(*std::move(result), observation.at);
    with_desk(observation.at, [&](Desk& desk) { slots_[acting_].act->on(observation, desk); });
}

void Run::at(Moment now) {
    if (over() || now < next_deadline()) return;
    if (phase_ == Phase::acting) {
        with_desk(now, [&](Desk& desk) { slots_[acting_].act->at(desk); });
    } else if (phase_ == Phase::recovering) {
        settling_ ? recovered(now) : not_well(now);
    } else if (look_until_ && !looked_ && now >= *look_until_ && act_is_left() && attempts_.connected()) {
        looked_ = true;
        next_act(now);
    } else {
        finish(RunState::done, now);
    }
}

void Run::abort(std::string why, Moment now) {
    if (over()) return;
    abort_reason_ = std::move(why);
    put_back();
    finish(RunState::aborted, now);
}

void Run::cannot(const std::string& why, Moment now) {
    if (over() || phase_ != Phase::acting) return;
    end_act(not_run(why), now);
}

Moment Run::next_deadline() const {
    if (state_ == RunState::waiting_for_device) return plan_.wait_for_device;
    if (phase_ != Phase::looking) return waiting_.until;
    const bool begins = act_is_left() && attempts_.connected() && look_until_ && !looked_;
    return begins ? *look_until_ : first_seen_ + plan_.watch_for;
}

std::vector<Order> Run::take_orders() {
    return std::exchange(orders_, {});
}

Current Run::current() const {
    if (over()) return {};
    if (state_ == RunState::waiting_for_device) return {nullptr, "the device to connect", plan_.wait_for_device};
    if (phase_ == Phase::looking) return {nullptr, "what the device does by itself", next_deadline()};
    return {slots_[acting_].row, waiting_.what, waiting_.until};
}

Pace Run::pace() const {
    Pace pace;
    if (shortest_pause_) pace.first_pause = *shortest_pause_;
    if (habits_.keep_alive() > Moment{0}) pace.keep_alive = habits_.keep_alive();
    // Until it was looked on for long enough, it is taken to report twice a second, as it pauses shortly.
    const Moment unseen = looked_ ? Moment{0} : std::chrono::milliseconds(500);
    pace.report_interval = habits_.report_interval().value_or(std::max(plan_.parameters.report_interval, unseen));
    pace.asks_content = habits_.asks_content();
    return pace;
}

Moment Run::left(Moment now) const {
    if (over()) return Moment{0};
    const Moment seen = state_ == RunState::waiting_for_device ? now : first_seen_;
    Moment acts{0};
    for (const Slot& slot : slots_) {
        if (!slot.act || slot.result || missing(slot)) continue;
        const Moment whole = estimate(*slot.row, pace(), parameters_of(slot));
        acts += slot.began ? std::max(Moment{0}, whole - (now - *slot.began)) : whole;
    }
    return std::max(acts, seen + plan_.watch_for - now);
}

std::vector<CheckView> Run::checks() const {
    std::vector<CheckView> views;
    for (const Slot& slot : slots_) {
        if (slot.watch) views.push_back({slot.row, slot.watch->conclude()});
        if (slot.act)
            views.push_back({slot.row, slot.result.value_or(not_run("It has not had its turn.")), slot.began,
                             slot.ended, slot.marks.all()});
    }
    return views;
}

Outcome Run::outcome() const {
    Outcome worst = Outcome::not_run;
    for (const CheckView& check : checks()) worst = std::max(worst, check.result.outcome);
    return worst;
}

std::string Run::seen_instead() const {
    if (connected_once_) return "it connected";
    if (last_refusal_ != 0)
        return "its CONNECT was refused " + times(connects_) + ", the last time with code " +
               refusal_text(last_refusal_);
    if (connects_ > 0) return "it sent CONNECT " + times(connects_) + ", and no CONNACK was sent";
    if (!last_handshake_failure_.empty()) return "its TLS handshake failed: " + last_handshake_failure_;
    if (hellos_ > 0) return "it began a TLS handshake " + times(hellos_) + " and sent no CONNECT";
    if (connections_ > 0) return "it opened a TCP connection " + times(connections_) + " and sent nothing";
    return "nothing came from it";
}

void Run::note_attempt(const Observation& observation) {
    attempts_.on(observation);
    if (std::holds_alternative<Accepted>(observation.seen))
        for (const Moment pause : attempts_.pauses()) {
            longest_pause_ = std::max(longest_pause_, pause);
            shortest_pause_ = std::min(shortest_pause_.value_or(pause), pause);
        }
    if (std::holds_alternative<Accepted>(observation.seen)) ++connections_;
    if (std::holds_alternative<ClientHello>(observation.seen)) ++hellos_;
    if (const auto* failure = std::get_if<HandshakeFailed>(&observation.seen)) last_handshake_failure_ = failure->why;
    if (std::holds_alternative<ConnectCame>(observation.seen)) ++connects_;
    const auto* connack = std::get_if<ConnackLeft>(&observation.seen);
    if (!connack) return;
    connected_once_ |= connack->code == 0;
    if (connack->code == 0 && !look_until_) look_until_ = observation.at + plan_.look_first;
    last_refusal_ = connack->code == 0 ? last_refusal_ : connack->code;
}

// Acts begin when the device is well: connected, and where it is known to report, heard of.
void Run::note_well(const Observation& observation) {
    const auto* publish = std::get_if<PublishCame>(&observation.seen);
    reported_since_ |= publish && publish->packet.topic.starts_with("$resource");
    const bool well = attempts_.connected() && (reported_since_ || !habits_.report_interval());
    if (!well) return;
    if (phase_ == Phase::recovering && is_acknowledged_report(observation) && !settling_) {
        settling_ = true;
        waiting_ = {"the device to read its PUBACK", observation.at + reads_puback_within};
    }
    if (phase_ == Phase::recovering && !settling_) recovered(observation.at);
    if (phase_ == Phase::looking && looked_long_enough(observation.at)) next_act(observation.at);
}

bool Run::act_is_left() const {
    return std::ranges::any_of(slots_, [](const Slot& slot) { return slot.act && !slot.result; });
}

bool Run::looked_long_enough(Moment now) const {
    return looked_ || habits_.report_interval() || (look_until_ && now >= *look_until_);
}

void Run::next_act(Moment now) {
    looked_ = true;
    for (; acting_ < slots_.size(); ++acting_) {
        Slot& slot = slots_[acting_];
        if (!slot.act || slot.result) continue;
        slot.result = missing(slot);
        if (!slot.result) break;
    }
    if (acting_ == slots_.size()) return;
    phase_ = Phase::acting;
    touched_ = false;
    slots_[acting_].began = now;
    with_desk(now, [&](Desk& desk) { slots_[acting_].act->begin(desk); });
}

std::optional<Result> Run::missing(const Slot& slot) const {
    std::string_view rest = slot.row->needs;
    while (!rest.empty()) {
        const std::string_view need = rest.substr(0, rest.find(' '));
        rest.remove_prefix(std::min(need.size() + 1, rest.size()));
        if (need == "alone") {
            if (habits_.neighbours() > 0)
                return not_run("It strikes before CONNECT, and another device is connected on this connector.");
        } else if (std::ranges::find(plan_.parameters.hooks, need) == plan_.parameters.hooks.end()) {
            return not_run("It needs the hook '" + std::string(need) + "', which the run does not have.");
        }
    }
    return std::nullopt;
}

std::optional<Result> Run::broken(const Observation& observation) const {
    if (const auto* failure = std::get_if<OrderFailed>(&observation.seen))
        return not_run("The server could not do what this check asks for: " + std::string(failure->why));
    const auto* answer = std::get_if<HookAnswered>(&observation.seen);
    if (!answer || answer->error.empty()) return std::nullopt;
    return not_run("The hook '" + std::string(answer->name) + "' failed: " + std::string(answer->error) + ".");
}

template <typename Call>
void Run::with_desk(Moment now, Call call) {
    Desk desk(now, plan_.subject, parameters_of(slots_[acting_]), habits_);
    call(desk);
    if (desk.waiting()) waiting_ = *desk.waiting();
    for (Order& order : desk.take_orders()) {
        orders_.push_back(std::move(order));
        touched_ = true;
    }
    if (desk.result()) end_act(*desk.result(), now);
}

// Faults end first: what is put back must reach the device.
void Run::put_back() {
    orders_.emplace_back(Disarm{});
    orders_.emplace_back(TakeBack{});
}

void Run::end_act(Result result, Moment now) {
    slots_[acting_].result = std::move(result);
    slots_[acting_].ended = now;
    ++acts_ended_;
    if (touched_) put_back();
    rescued_ = false;
    wait_until_well(now);
    if (attempts_.connected() && (!touched_ || !habits_.report_interval())) recovered(now);
}

void Run::wait_until_well(Moment now) {
    phase_ = Phase::recovering;
    reported_since_ = settling_ = false;
    const Moment away = std::max(2 * longest_pause_, longest_unseen_pause(plan_.parameters.max_backoff));
    const Moment until = now + away + habits_.report_interval().value_or(Moment{0}) + plan_.parameters.patience;
    waiting_ = {"the device to be well again", until};
}

void Run::recovered(Moment now) {
    phase_ = Phase::looking;
    next_act(now);
}

// A device that gives up for good fails the check; a power cycle is tried once, to go on with the next one. [verdict.md
// 2, Well again]
void Run::not_well(Moment now) {
    Result& result = *slots_[acting_].result;
    if (result.outcome != Outcome::failed && !result.may_stay_away)
        result = failed(result.message + " Afterwards it was not connected and reporting again in time.",
                        "Let nothing keep the device from trying again: what failed once works again later.");
    const auto& hooks = plan_.parameters.hooks;
    if (!rescued_ && std::ranges::find(hooks, "power_cycle") != hooks.end()) {
        rescued_ = true;
        if (!attempts_.connected()) attempts_.clear();  // how long it was away so far is no pause of its own
        orders_.emplace_back(std::in_place_type<CallHook>, CallHook{"power_cycle"});
        return wait_until_well(now);
    }
    for (Slot& slot : slots_)
        if (slot.act && !slot.result) slot.result = not_run("The device did not come back after an earlier check.");
    finish(RunState::done, now);
}

void Run::finish(RunState state, Moment now) {
    state_ = state;
    ended_ = now;
}

}  // namespace verdict
