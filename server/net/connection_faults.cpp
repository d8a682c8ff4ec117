#include "server/net/connection_faults.h"

#include <algorithm>
#include <utility>

namespace net {
namespace {

mqtt::Ending ending_of(FaultEnding ending) {
    return ending == FaultEnding::reset  ? mqtt::Ending::reset
           : ending == FaultEnding::half ? mqtt::Ending::half
                                         : mqtt::Ending::fin;
}

}  // namespace

bool Connection::is_of_devices() const {
    return kind_ == PortKind::mqtt || kind_ == PortKind::mqtts;
}

// At accept, and again when faults came: nothing is kept where none may ever concern it.
void Connection::meet_faults() {
    const bool connector_known = kind_ == PortKind::mqtt || state_ != State::handshake;
    meet_faults_of({.connector = connector_known ? std::string_view(facts_.connector) : std::string_view(),
                    .ip = facts_.ip,
                    .connection = facts_.connection_id});
}

void Connection::meet_faults_of(const faults::Client& client) {
    auto* const registry = services_.faults;
    if (struck_ || registry == nullptr || registry->empty() || !is_of_devices()) return;
    if (!registry->concerns(client)) return;
    struck_ = std::make_unique<Struck>(*registry, facts_, services_.io);
    const bool shakes_hands = state_ == State::handshake && transport_->tls() != nullptr;
    if (shakes_hands) handshake_notes(transport_->tls())->faults = &struck_->plan;
    struck_->plan.reach(shakes_hands ? FaultPlan::Phase::accepted : FaultPlan::Phase::hello, now());
    apply_faults();
}

void Connection::faults_changed() {
    if (state_ == State::closed || away_) return;
    const auto self = shared_from_this();
    if (!struck_ && client_is_known_) return;
    if (!struck_) return meet_faults();
    struck_->plan.refresh(now());
    apply_faults();
}

void Connection::client_known(FaultPlan::Who who) {
    if (state_ == State::closed) return;
    client_is_known_ = true;
    meet_faults_of({.connector = facts_.connector,
                    .identity = who.identity,
                    .client_id = who.client_id,
                    .ip = facts_.ip,
                    .connection = facts_.connection_id,
                    .connected = true,
                    .anonymous = who.anonymous});
    if (!struck_) return;
    struck_->plan.connected(std::move(who), now());
    if (struck_->plan.untouched() && !services_.faults->concerns(struck_->plan.client())) return part_from_faults();
    // In the middle of its CONNECT: it does not end before that is handled.
    if (struck_->plan.shapes()) shape_wire();
    transport_->limit_records(struck_->plan.most_record());
    stand_still_or_go_on();
    continue_later([this] { apply_faults(); });
}

// They name another client: this one's packets cost what they cost without faults.
void Connection::part_from_faults() {
    if (transport_->tls() != nullptr) handshake_notes(transport_->tls())->faults = nullptr;
    struck_.reset();
}

// What the plan says is done.
void Connection::apply_faults() {
    if (!struck_ || state_ == State::closed) return;
    auto& struck = *struck_;
    if (struck.plan.was_ended()) {
        reason_ = device::CloseReason::fault;
        reset();
        return;
    }
    if (struck.plan.shapes()) shape_wire();
    transport_->limit_records(struck.plan.most_record());
    if (const auto ending = struck.plan.take_ending(now())) {
        end_by_fault(*ending);
        if (state_ == State::closed) return;
    }
    stand_still_or_go_on();
    arm_fault_timer();
}

void Connection::shape_wire() {
    auto& struck = *struck_;
    auto shape = struck.plan.shape();
    if (struck.wire == nullptr && shape.empty()) return;
    if (struck.wire == nullptr) {
        auto wire =
            std::make_unique<ShapedWire>(transport_->socket().fd(), [] { return std::chrono::steady_clock::now(); });
        struck.wire = wire.get();
        transport_->use_wire(std::move(wire));
    }
    struck.wire->shape(std::move(shape));
}

void Connection::end_by_fault(FaultEnding how) {
    outbox_.discard();  // exactly so many bytes pass
    if (state_ == State::handshake) {
        transport_->socket().reset_at_close();
        lost(device::CloseReason::fault);
    } else if (how == FaultEnding::reset) {
        reason_ = device::CloseReason::fault;
        reset();
    } else {
        end(ending_of(how), device::CloseReason::fault);
    }
}

// Silence is not read from, and no timeout strikes; when it ends, time counts anew.
void Connection::stand_still_or_go_on() {
    auto& struck = *struck_;
    const bool stands = struck.plan.silent(Direction::in);
    if (stands && !struck.stood_still) {
        paused_ = true;
        reading_ = false;
    }
    const bool goes_on = !stands && std::exchange(struck.stood_still, stands);
    struck.stood_still = stands;
    tell_poller();
    if (!goes_on || state_ == State::closed) return;
    state_ == State::handshake ? wait_readable() : resume();
    deadline_changed();
    wants_output();
}

// The handshake stands where the fault wants it to.
bool Connection::stalls(IoStatus status) {
    if (!struck_ || !struck_->plan.stalled()) return false;
    const auto stall = handshake_notes(transport_->tls())->stall;
    const bool here = (stall == Stall::at_client_hello && status == IoStatus::want_helper) ||
                      (stall == Stall::at_server_hello && status == IoStatus::want_read);
    if (!here) return false;
    struck_->stalls_now = true;
    reading_ = writing_ = false;
    tell_poller(true);
    return true;
}

Poller::Events Connection::as_faults_want(Poller::Events wanted) const {
    const auto& struck = *struck_;
    if (struck.plan.silent(Direction::in) || struck.stalls_now) wanted = {.writable = wanted.writable, .ended = true};
    if (struck.plan.silent(Direction::out) || struck.stalls_now) wanted.writable = false;
    if (struck.wire == nullptr) return wanted;
    if (struck.wire->full()) wanted.readable = false;
    wanted.writable = struck.wire->blocked();
    return wanted;
}

// True: nothing more is to be done about the event.
bool Connection::ready_in_silence(Poller::Events events) {
    if (!struck_ || !struck_->stands_still()) return false;
    if (!events.failed && !events.ended) return false;
    // The device has gone: its end is seen without reading.
    lost(events.failed ? device::CloseReason::network_error : device::CloseReason::device_closed);
    return true;
}

bool Connection::is_silent(Direction direction) const {
    return struck_ && struck_->plan.silent(direction);
}

std::size_t Connection::may_pass(Direction direction) const {
    return struck_ ? struck_->plan.allowance(direction) : static_cast<std::size_t>(-1);
}

// False: the connection ends before they are handled.
bool Connection::may_come() {
    if (!struck_ || struck_->plan.may_come(now())) return true;
    apply_faults();
    return false;
}

void Connection::passed(Direction direction, std::size_t bytes) {
    if (!struck_) return;
    struck_->plan.passed(direction, bytes, now());
    apply_faults();
}

std::size_t Connection::held_on_wire() const {
    return struck_ && struck_->wire != nullptr ? struck_->wire->held_bytes() : 0;
}

bool Connection::has_late_output() const {
    return struck_ && struck_->wire != nullptr && struck_->wire->held_out() > 0;
}

// --- time ---

void Connection::arm_fault_timer() {
    if (!struck_ || state_ == State::closed || away_) return;
    auto& struck = *struck_;
    auto next = struck.plan.next();
    if (const auto wire = struck.wire != nullptr ? struck.wire->next(reading_) : std::nullopt;
        wire && (!next || *wire < *next)) {
        next = wire;
    }
    if (!next || (struck.armed && *struck.armed <= *next)) return;
    struck.armed = next;
    struck.timer.expires_at(*next);
    struck.timer.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
        const auto self = weak.lock();
        if (!error && self && self->struck_) self->on_fault_timer();
    });
}

void Connection::on_fault_timer() {
    struck_->armed.reset();
    if (state_ == State::closed || away_) return;
    const auto self = shared_from_this();
    if (auto* wire = struck_->wire) {
        if (!wire->pump()) return lost(device::CloseReason::network_error);
        const bool readable = reading_ && wire->readable();
        const bool writable = writing_ && !wire->blocked();
        go_on_with({.readable = readable, .writable = writable});
    }
    apply_faults();
}

}  // namespace net
