// How a connection ends: after what is waiting, at once, or lingering until its peer has taken the last bytes.

#include "server/net/connection.h"

#include <cerrno>
#include <utility>

#include <sys/socket.h>

namespace net {
void Connection::close(device::CloseReason reason) {
    if (state_ == State::open && (is_silent(Direction::in) || is_silent(Direction::out))) {
        lost(reason);  // nobody hears more of it
        return;
    }
    if (state_ != State::open) {
        if (state_ == State::handshake) lost(reason);
        return;
    }
    state_ = State::closing;
    reason_ = reason;
    linger_until_ = now() + linger_time;
    deadline_changed();
    notify_closed(reason);
    wants_output();
}

void Connection::end(mqtt::Ending ending, device::CloseReason reason) {
    ending_ = ending;
    ending == mqtt::Ending::half ? wants_output() : close(reason);
}

void Connection::abort(device::CloseReason reason) {
    if (state_ != State::closed) lost(reason);
}

void Connection::reset() {
    transport_->socket().reset_at_close();
    lost(reason_);
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

bool Connection::awaits_connect() const {
    const bool device_port = kind_ == PortKind::mqtt || kind_ == PortKind::mqtts;
    return state_ == State::open && device_port && (!handler_ || handler_->awaits_connect());
}

void Connection::lost(device::CloseReason reason) {
    if (state_ == State::closed) return;
    const auto self = shared_from_this();
    if (awaits_connect()) services_.ended_without_connect(*this, reason);
    state_ = State::closed;
    services_.timers.cancel(number_);
    if (std::exchange(woken_, false)) services_.exact_timers.cancel(number_);
    if (is_silent(Direction::in) || is_silent(Direction::out)) transport_->socket().reset_at_close();
    if (!away_) transport_->socket().close();
    notify_closed(reason);
    if (services_.faults != nullptr && !services_.faults->empty()) services_.faults->forget(facts_.connection_id);
    outbox_.discard();
    account();
    services_.closed(*this);
}

void Connection::notify_closed(device::CloseReason reason) {
    if (std::exchange(told_closed_, true)) return;
    if (handler_) guarded([this, reason] { handler_->on_closed(reason); });
    if (is_observed()) observe_end(reason);
}

}  // namespace net
