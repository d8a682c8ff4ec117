#include "server/net/connection.h"

#include "server/net/connection_faults.h"
#include "server/net/first_bytes.h"

#include <algorithm>
#include <utility>

#include <boost/asio/post.hpp>

namespace net {
Connection::Connection(ConnectionServices& services, std::unique_ptr<Transport> transport, PortKind kind,
                       std::uint64_t number, device::PeerFacts facts)
    : services_(services),
      transport_(std::move(transport)),
      kind_(kind),
      number_(number),
      facts_(std::move(facts)),
      opened_(services.clock.steady_now()) {}

Connection::~Connection() {
    services_.timers.cancel(number_);
    if (woken_) services_.exact_timers.cancel(number_);
    services_.buffers.replace(held_, 0);
}

void Connection::account() {
    const auto held = state_ == State::closed ? 0 : waiting_bytes() + (handler_ ? handler_->held_bytes() : 0);
    services_.buffers.replace(std::exchange(held_, held), held);
    services_.metrics.buffered_bytes = services_.buffers.used();
    if (services_.buffers.exceeded()) services_.over_budget();
}

void Connection::start() {
    services_.timers.schedule(number_, opened_ + services_.connect_timeout);
    asked_ = {.readable = true};  // what it waits for first
    if (!services_.poller.add(transport_->socket(), number_, asked_)) {
        lost(device::CloseReason::network_error);
        return;
    }
    if (is_observed()) observe(verdict::Accepted{facts_.local_ip});
    meet_faults();
    if (state_ == State::closed) return;
    transport_->tls() != nullptr ? wait_readable() : handshake_done();
}

void Connection::choose_handler(std::string_view first) {
    if (kind_ == PortKind::api || kind_ == PortKind::api_tls) {
        handler_ = services_.make_api(*this);
    } else if (kind_ == PortKind::mqtts && begins_like_http(first)) {
        handler_ = services_.make_device_http(*this);
    } else {
        handler_ = services_.make_mqtt(*this);
    }
    deadline_changed();
}

void Connection::handle(std::string_view bytes) {
    const runtime::EmulatorClock::Moment together(services_.clock);
    traffic_.bytes_in += bytes.size();
    if (!handler_) choose_handler(bytes);
    services_.current = this;
    guarded([this, bytes] { handler_->on_bytes(bytes); });
    account();
}

void Connection::failed(const std::exception& error) {
    services_.failed(*this, error);
    close(device::CloseReason::server_error);
}

bool Connection::may_read() const {
    return state_ == State::open && (!handler_ || handler_->wants_bytes()) && !waits_for_disk() &&
           !is_silent(Direction::in) && may_pass(Direction::in) > 0;
}

bool Connection::waits_for_disk() const {
    const auto& commits = services_.turn.commits();
    return commits.congested() || commits.committed() < giant_;
}

void Connection::on_readable() {
    for (int reads = 0; reads < reads_per_turn && may_read(); ++reads) {
        bool whole = false;
        const auto room = std::min(services_.scratch.size(), may_pass(Direction::in));
        const auto got = transport_->read(std::span(services_.scratch).first(room), whole);
        if (got.status == IoStatus::ok) {
            if (!may_come()) return;
            handle({services_.scratch.data(), got.bytes});
            passed(Direction::in, got.bytes);
            if (state_ == State::open && whole) break;
            continue;
        }
        if (got.status == IoStatus::want_write) {
            wait_writable();
            return;
        }
        if (got.status == IoStatus::want_read) break;
        lost(got.status == IoStatus::end ? device::CloseReason::device_closed : device::CloseReason::network_error);
        return;
    }
    resume();
}

void Connection::resume() {
    if (state_ != State::open || reading_) return;
    if (may_read()) {
        paused_by_congestion_ = false;
        if (std::exchange(paused_, false) && handler_) handler_->on_resumed();
        // Decrypted bytes may wait inside OpenSSL, where the socket does not show them.
        if (transport_->tls() != nullptr && SSL_has_pending(transport_->tls()) != 0) {
            reading_ = true;
            boost::asio::post(services_.io, [self = shared_from_this()] {
                self->reading_ = false;
                self->on_readable();
            });
            return;
        }
        wait_readable();
        return;
    }
    paused_ = true;
    if (waits_for_disk() && !std::exchange(paused_by_congestion_, true)) {
        services_.turn.wants_to_resume(shared_from_this());
    }
}

void Connection::resume_after_commit() {
    paused_by_congestion_ = false;
    resume();
}

void Connection::wait_readable() {
    reading_ = true;
    tell_poller();
}

void Connection::wait_writable() {
    writing_ = true;
    tell_poller();
}

// That nobody reads for a moment is not worth a system call: it is told when there is something to read nonetheless.
void Connection::tell_poller(bool something_to_read) {
    Poller::Events wanted{.readable = reading_ || (asked_.readable && !something_to_read), .writable = writing_};
    if (struck_) wanted = as_faults_want(wanted);
    if (state_ == State::closed || away_ || asked_ == wanted) return;
    asked_ = wanted;
    if (!services_.poller.change(transport_->socket(), number_, asked_)) lost(device::CloseReason::network_error);
}

// Waits are for one time; those that are asked for again on the way cost no system call.
void Connection::on_ready(Poller::Events events) {
    const auto self = shared_from_this();
    if (ready_in_silence(events)) return;
    if (struck_ && struck_->wire != nullptr && !struck_->wire->pump()) events.failed = true;
    const bool writable = writing_ && (events.writable || events.failed);
    const bool readable = reading_ && (events.readable || events.failed);
    const bool unread = events.readable && !reading_;
    if (!readable && !writable && events.failed) {
        lost(device::CloseReason::network_error);  // nobody waits who would find out
        return;
    }
    go_on_with({.readable = readable, .writable = writable});
    tell_poller(unread);
    arm_fault_timer();
}

void Connection::go_on_with(Poller::Events events) {
    if (events.writable) writing_ = false;
    if (events.readable) reading_ = false;
    if (state_ == State::handshake) {
        if (events.readable || events.writable) continue_handshake();
        return;
    }
    if (events.writable) write_out();
    if (events.readable && state_ == State::lingering) {
        linger_on();
    } else if (events.readable && state_ != State::closed) {
        on_readable();
    }
}

void Connection::send(std::string_view bytes) {
    send(bytes, {}, services_.turn.commits().gate());
}

void Connection::send(std::string_view head, std::string_view body, device::Gate gate) {
    if (state_ != State::open || head.empty()) return;
    outbox_.append(head, gate);
    if (!body.empty()) outbox_.append(body, gate);
    wants_output();
}

void Connection::wants_output() {
    if (std::exchange(in_output_list_, true)) return;
    services_.turn.has_output(shared_from_this());
}

void Connection::flush() {
    in_output_list_ = false;
    writing_ ? account() : write_out();
}

void Connection::flush_gated() {
    in_gated_list_ = false;
    if (!writing_) write_out();
}

void Connection::write_out() {
    if ((state_ != State::open && state_ != State::closing) || is_silent(Direction::out)) return account();
    write_what_may_leave();
    account();
    arm_fault_timer();
}

void Connection::write_what_may_leave() {
    while (true) {
        if (is_silent(Direction::out)) return;
        const auto bytes = outbox_.sendable(services_.turn.commits().committed()).substr(0, may_pass(Direction::out));
        if (bytes.empty()) break;
        const auto sent = transport_->write(bytes);
        if (sent.status == IoStatus::ok) {
            traffic_.bytes_out += sent.bytes;
            outbox_.sent(sent.bytes);
            passed(Direction::out, sent.bytes);
            if (state_ != State::open && state_ != State::closing) return;
            continue;
        }
        if (sent.status == IoStatus::want_write) {
            wait_writable();
        } else if (sent.status == IoStatus::want_read) {
            wait_readable();
        } else {
            lost(device::CloseReason::network_error);
        }
        return;
    }
    if (!outbox_.empty()) {
        if (!in_gated_list_) services_.turn.waits_for_commit(shared_from_this());
        in_gated_list_ = true;
    } else if (state_ == State::closing) {
        ending_ == mqtt::Ending::reset ? reset() : linger();
    } else {
        if (ending_ == mqtt::Ending::half) {
            ending_ = mqtt::Ending::fin;
            transport_->finish();
        }
        if (handler_) guarded([this] { handler_->on_drained(); });
        resume();
    }
}

void Connection::commit_failed() {
    in_gated_list_ = false;
    if (!handler_) return;  // nothing was read, so nothing is lost
    const auto& commits = services_.turn.commits();
    const bool lost_output = outbox_.discard_gated(commits.committed_before_failure(), commits.committed());
    const auto last_words = handler_->after_failed_commit(lost_output);
    if (!last_words) {
        outbox_.discard();
        abort(device::CloseReason::commit_failed);
        return;
    }
    if (!lost_output) return;
    outbox_.append(*last_words, 0);  // waits for no commit: there may be none for long
    close(device::CloseReason::commit_failed);
    wants_output();
}

void Connection::continue_later(std::function<void()> work) {
    boost::asio::post(services_.io, [self = shared_from_this(), work = std::move(work)] { self->guarded(work); });
}

void Connection::continue_in_slice(std::function<void()> work, Slice place) {
    auto piece = [self = shared_from_this(), work = std::move(work)] {
        self->guarded(work);
        self->account();
    };
    place == Slice::first ? services_.slices.add_first(std::move(piece)) : services_.slices.add(std::move(piece));
}

void Connection::wake_at(runtime::DueQueue::TimePoint time) {
    account();
    if (state_ == State::closed) return;
    woken_ = true;
    services_.exact_timers.schedule(number_, time);
}

void Connection::wake() {
    woken_ = false;
    if (state_ != State::open) return;
    const runtime::EmulatorClock::Moment together(services_.clock);
    guarded([this] { handler_->on_wake(); });
    account();
}

void Connection::taps_changed() {
    services_.current = this;
    if (state_ == State::open && handler_) guarded([this] { handler_->taps_changed(); });
}

void Connection::deadline_changed() {
    if (const auto next = on_timer(now())) services_.timers.schedule(number_, *next);
}

std::optional<runtime::DueQueue::TimePoint> Connection::on_timer(runtime::DueQueue::TimePoint now) {
    if (struck_ && struck_->stands_still() && state_ != State::closing && state_ != State::lingering)
        return std::nullopt;
    auto due = opened_ + services_.connect_timeout;
    auto reason = device::CloseReason::connect_timeout;
    if (state_ == State::closing || state_ == State::lingering) {
        due = linger_until_;
        reason = reason_;
    } else if (handler_) {
        const auto deadline = handler_->deadline();
        if (!deadline) return std::nullopt;
        due = *deadline;
        reason = handler_->deadline_reason();
    }
    if (now < due) return due;
    if (state_ != State::open && has_late_output()) return now + linger_time;
    const auto self = shared_from_this();
    if (state_ == State::open && handler_ && handler_->on_deadline()) return on_timer(now);
    if (state_ == State::handshake) {
        const auto failure = explain_handshake_timeout(transport_->tls());
        if (is_observed()) observe_failure(failure);
        services_.handshake_failed(*this, failure);
    }
    lost(reason);
    return std::nullopt;
}

}  // namespace net
