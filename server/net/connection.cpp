#include "server/net/connection.h"

#include <cerrno>
#include <utility>

#include <boost/asio/post.hpp>
#include <sys/socket.h>

namespace net {
namespace {

constexpr int reads_per_turn = 4;  // of the scratch size; then the others have their turn
constexpr std::chrono::milliseconds linger_time{1'000};

}  // namespace

Connection::Connection(ConnectionServices& services, std::unique_ptr<Transport> transport, PortKind kind,
                       std::uint64_t number, device::PeerFacts facts)
    : services_(services),
      transport_(std::move(transport)),
      kind_(kind),
      number_(number),
      facts_(std::move(facts)),
      opened_(services.clock.now().steady) {}

Connection::~Connection() {
    services_.timers.cancel(number_);
    services_.buffers.replace(held_, 0);
}

void Connection::account() {
    const auto held = state_ == State::closed ? 0 : outbox_.size() + (handler_ ? handler_->held_bytes() : 0);
    services_.buffers.replace(std::exchange(held_, held), held);
    services_.metrics.buffered_bytes = services_.buffers.used();
    if (services_.buffers.exceeded()) services_.over_budget();
}

void Connection::start() {
    services_.timers.schedule(number_, opened_ + services_.connect_timeout);
    asked_ = {.readable = true};  // what it waits for first
    if (!services_.poller.add(transport_->socket(), number_, asked_)) {
        lost(device::CloseReason::network_error);
    } else if (transport_->tls() != nullptr) {
        wait_readable();
    } else {
        handshake_done();
    }
}

void Connection::continue_handshake() {
    const bool handed_over = services_.handshakes != nullptr && handshake_notes(transport_->tls())->handed_over;
    handed_over ? hand_over_handshake() : handshake_stepped(step_handshake(*transport_));
}

// The poller forgets the socket until it is back, and it is not closed before.
void Connection::hand_over_handshake() {
    away_ = true;
    reading_ = writing_ = false;
    services_.poller.remove(transport_->socket());
    services_.handshakes->step(
        *transport_, [self = shared_from_this()](const HandshakeStep& step) { self->handshake_returned(step); });
}

void Connection::handshake_returned(const HandshakeStep& step) {
    away_ = false;
    if (state_ == State::closed) {  // meanwhile
        transport_->socket().close();
        return;
    }
    asked_ = {.readable = true};  // what it will most likely wait for
    if (!services_.poller.add(transport_->socket(), number_, asked_)) {
        lost(device::CloseReason::network_error);
        return;
    }
    handshake_stepped(step);
    tell_poller();
}

void Connection::handshake_stepped(const HandshakeStep& step) {
    switch (step.status) {
        case IoStatus::ok:
            handshake_done();
            return;
        case IoStatus::want_helper:
            hand_over_handshake();
            return;
        case IoStatus::want_read:
            wait_readable();
            return;
        case IoStatus::want_write:
            wait_writable();
            return;
        default:
            break;
    }
    services_.handshake_failed(*this, *step.failure);
    lost(device::CloseReason::tls_failure);
}

void Connection::handshake_done() {
    state_ = State::open;
    if (transport_->tls() != nullptr) services_.read_tls_facts(facts_, *transport_->tls());
    // The first flight may have come with the handshake's last one.
    transport_->tls() != nullptr ? on_readable() : wait_readable();
}

void Connection::choose_handler(char first) {
    if (kind_ == PortKind::api || kind_ == PortKind::api_tls) {
        handler_ = services_.make_api(*this);
    } else if (kind_ == PortKind::mqtts && first >= 'A' && first <= 'Z') {
        handler_ = services_.make_device_http(*this);  // an HTTP method; no MQTT client begins so
    } else {
        handler_ = services_.make_mqtt(*this);
    }
    deadline_changed();
}

void Connection::handle(std::string_view bytes) {
    const runtime::EmulatorClock::Moment together(services_.clock);
    traffic_.bytes_in += bytes.size();
    if (!handler_) choose_handler(bytes.front());
    guarded([this, bytes] { handler_->on_bytes(bytes); });
    account();
}

void Connection::failed(const std::exception& error) {
    services_.failed(*this, error);
    close(device::CloseReason::server_error);
}

bool Connection::may_read() const {
    return state_ == State::open && (!handler_ || handler_->wants_bytes()) && !services_.turn.commits().congested();
}

void Connection::on_readable() {
    for (int reads = 0; reads < reads_per_turn && may_read(); ++reads) {
        bool whole = false;
        const auto got = transport_->read(services_.scratch, whole);
        if (got.status == IoStatus::ok) {
            handle({services_.scratch.data(), got.bytes});
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
    if (services_.turn.commits().congested() && !std::exchange(paused_by_congestion_, true)) {
        services_.turn.wants_to_resume(shared_from_this());
    }
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
    const bool readable = reading_ || (asked_.readable && !something_to_read);
    if (state_ == State::closed || away_ || (asked_.readable == readable && asked_.writable == writing_)) return;
    asked_ = {.readable = readable, .writable = writing_};
    if (!services_.poller.change(transport_->socket(), number_, asked_)) lost(device::CloseReason::network_error);
}

// Waits are for one time; those that are asked for again on the way cost no system call.
void Connection::on_ready(Poller::Events events) {
    const auto self = shared_from_this();
    const bool writable = writing_ && (events.writable || events.failed);
    const bool readable = reading_ && (events.readable || events.failed);
    const bool unread = events.readable && !reading_;
    if (!readable && !writable && events.failed) {
        lost(device::CloseReason::network_error);  // nobody waits who would find out
        return;
    }
    if (writable) writing_ = false;
    if (readable) reading_ = false;
    if (state_ == State::handshake) {
        if (readable || writable) continue_handshake();
    } else {
        if (writable) write_out();
        if (readable && state_ == State::lingering) {
            linger_on();
        } else if (readable && state_ != State::closed) {
            on_readable();
        }
    }
    tell_poller(unread);
}

void Connection::send(std::string_view bytes) {
    if (state_ != State::open || bytes.empty()) return;
    outbox_.append(bytes, services_.turn.commits().gate());
    if (in_output_list_) return;
    in_output_list_ = true;
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
    if (state_ != State::open && state_ != State::closing) return;
    write_what_may_leave();
    account();
}

void Connection::write_what_may_leave() {
    while (true) {
        const auto bytes = outbox_.sendable(services_.turn.commits().committed());
        if (bytes.empty()) break;
        const auto sent = transport_->write(bytes);
        if (sent.status == IoStatus::ok) {
            traffic_.bytes_out += sent.bytes;
            outbox_.sent(sent.bytes);
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
        linger();
    } else {
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
    if (std::exchange(in_output_list_, true)) return;
    services_.turn.has_output(shared_from_this());
}

void Connection::close(device::CloseReason reason) {
    if (state_ != State::open) {
        if (state_ == State::handshake) lost(reason);
        return;
    }
    state_ = State::closing;
    reason_ = reason;
    linger_until_ = now() + linger_time;
    deadline_changed();
    notify_closed(reason);
    if (in_output_list_) return;
    in_output_list_ = true;
    services_.turn.has_output(shared_from_this());
}

void Connection::abort(device::CloseReason reason) {
    if (state_ != State::closed) lost(reason);
}

// A device that went right behind its DISCONNECT, as most do, would answer our close_notify with a reset: it is told
// nothing. Who has only ended its side, as a client of HTTP may, still learns that its answer was not cut off.
void Connection::linger() {
    state_ = State::lingering;
    const bool there = drain();
    if (there || !handler_ || !handler_->peer_took_leave()) transport_->finish();
    there ? wait_readable() : lost(reason_);
}

void Connection::linger_on() {
    drain() ? wait_readable() : lost(reason_);
}

// With bytes of the peer unread, close() would send a reset, which may destroy our last packet on its way. False: the
// peer has ended its stream, all of which is read.
bool Connection::drain() {
    for (int reads = 0; reads < reads_per_turn; ++reads) {
        const auto got = ::recv(transport_->socket().fd(), services_.scratch.data(), services_.scratch.size(), 0);
        if (got > 0) continue;
        return got < 0 && (errno == EAGAIN || errno == EINTR);
    }
    return true;
}

void Connection::lost(device::CloseReason reason) {
    if (state_ == State::closed) return;
    const auto self = shared_from_this();
    state_ = State::closed;
    services_.timers.cancel(number_);
    if (!away_) transport_->socket().close();
    notify_closed(reason);
    outbox_.discard();
    account();
    services_.closed(*this);
}

void Connection::continue_later(std::function<void()> work) {
    boost::asio::post(services_.io, [self = shared_from_this(), work = std::move(work)] { self->guarded(work); });
}

void Connection::notify_closed(device::CloseReason reason) {
    if (std::exchange(told_closed_, true)) return;
    if (handler_) guarded([this, reason] { handler_->on_closed(reason); });
}

void Connection::deadline_changed() {
    if (const auto next = on_timer(now())) services_.timers.schedule(number_, *next);
}

std::optional<runtime::DueQueue::TimePoint> Connection::on_timer(runtime::DueQueue::TimePoint now) {
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
    const auto self = shared_from_this();
    if (state_ == State::open && handler_ && handler_->on_deadline()) return on_timer(now);
    if (state_ == State::handshake) services_.handshake_failed(*this, explain_handshake_timeout(transport_->tls()));
    const bool device_port = kind_ == PortKind::mqtt || kind_ == PortKind::mqtts;
    if (state_ == State::open && !handler_ && device_port) handler_ = services_.make_mqtt(*this);  // to tell about it
    lost(reason);
    return std::nullopt;
}

}  // namespace net
