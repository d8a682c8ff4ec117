// The TLS handshake of a connection: steps on the loop, or handed over to the handshake pool.

#include "server/net/connection_faults.h"

namespace net {

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
    arm_fault_timer();
}

void Connection::handshake_stepped(const HandshakeStep& step) {
    if (stalls(step.status)) return;
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
    const bool by_fault = handshake_notes(transport_->tls())->aborted;
    if (!by_fault && is_observed()) observe_failure(*step.failure);
    if (!by_fault) services_.handshake_failed(*this, *step.failure);
    lost(by_fault ? device::CloseReason::fault : device::CloseReason::tls_failure);
}

void Connection::handshake_done() {
    state_ = State::open;
    if (transport_->tls() != nullptr) services_.read_tls_facts(facts_, *transport_->tls());
    if (transport_->tls() != nullptr && is_observed()) observe_handshake();
    if (struck_) {
        struck_->plan.reach(FaultPlan::Phase::hello, now());
        apply_faults();
        if (state_ != State::open) return;
    }
    // The first flight may have come with the handshake's last one.
    transport_->tls() != nullptr ? on_readable() : wait_readable();
}

}  // namespace net
