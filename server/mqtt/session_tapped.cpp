// What a session does where a fault may have to do with its packets. All that it sends then goes through the queue of
// late packets, so that their order is right whatever is held.

#include "server/mqtt/encode.h"
#include "server/mqtt/tapped.h"

#include <utility>

namespace mqtt {
namespace {

using device::CloseReason;
namespace outgoing = device::outgoing;

bool is_publish(std::string_view packet) {
    return static_cast<unsigned char>(packet.front()) >> 4U == static_cast<unsigned>(protocol::PacketType::publish);
}

bool is_accepted_connack(const device::Outgoing& packet) {
    const auto* connack = std::get_if<outgoing::Connack>(&packet);
    return connack != nullptr && connack->code == protocol::ConnackCode::accepted;
}

// These tell the device why; for others a late packet is lost with the connection.
bool is_answered_first(CloseReason reason) {
    return reason == CloseReason::refused || reason == CloseReason::violation || reason == CloseReason::fault;
}

}  // namespace

void Session::put_tap() {
    auto tap = services_.taps->tap_for(link_);
    if (tapped_ == nullptr && tap == nullptr) return;
    if (tapped_ == nullptr) tapped_ = std::make_unique<Tapped>();
    tapped_->tap = std::move(tap);
    if (tapped_->idle()) tapped_.reset();
}

void Session::taps_changed() {
    if (services_.taps == nullptr || link_.state == device::Link::State::ended) return;
    put_tap();
    if (tapped_ == nullptr) return;
    tapped_->late.release([&tap = tapped_->tap](std::uint32_t held_by) { return tap && tap->holds(held_by); });
    if (link_.state == device::Link::State::connected) answer_at_once();
    on_wake();
}

void Session::on_wake() {
    if (tapped_ == nullptr) return;
    leave_due();
    finish();
}

bool Session::handle_tapped(const protocol::Action& action) {
    if (tapped_->ending) return false;
    if (tapped_->refused) return true;  // [MQTT-3.1.4-5]
    if (tapped_->tap == nullptr || std::holds_alternative<protocol::Violation>(action)) return handle(action);
    const auto verdict = tapped_->tap->came(link_, action, machine_.last_packet());
    send_beside(verdict.before, services_.devices.gate());
    const bool goes_on = act(verdict, action);
    send_beside(verdict.after, services_.devices.gate());
    return !finish() && goes_on;
}

// False: nothing more is processed.
bool Session::act(const OnArrival& verdict, const protocol::Action& action) {
    switch (verdict.act) {
        case OnArrival::Act::ignore:
            machine_.ignore_last();
            tapped_->silent = std::holds_alternative<protocol::ConnectRequest>(action);
            return !tapped_->silent;
        case OnArrival::Act::refuse:
            refuse(verdict);
            return tapped_->refused;
        case OnArrival::Act::close_before:
            end_by_fault(verdict.ending);
            return false;
        case OnArrival::Act::close_after: {
            tapped_->answers_nothing = true;
            const bool goes_on = handle(action);
            tapped_->answers_nothing = false;
            if (goes_on) end_by_fault(verdict.ending);
            return goes_on;
        }
        case OnArrival::Act::pass:
            break;
    }
    return handle(action);
}

void Session::refuse(const OnArrival& verdict) {
    const outgoing::Connack connack{false, static_cast<protocol::ConnackCode>(verdict.connack)};
    if (verdict.delay.count() == 0 && verdict.stay.count() == 0) {
        leave(connack, services_.devices.gate());
        machine_.refused();
        return end(CloseReason::fault);
    }
    constexpr bool small_packets = true;
    machine_.accepted(0, small_packets);  // it reads on, to see whether the device takes no for an answer
    tapped_->refused = tapped_->silent = true;
    LatePackets::Packet refusal;
    encode(refusal.bytes, connack);
    refusal.gate = services_.devices.gate();
    refusal.due = wire_.now() + verdict.delay;
    LatePackets::Packet last;
    last.ending = Ending::fin;
    last.due = refusal.due + verdict.stay;
    tapped_->late.add(std::move(refusal));
    tapped_->late.add(std::move(last));
    leave_due();
}

void Session::send_tapped(const device::Outgoing& packet, device::Gate gate) {
    if (tapped_->answers_nothing || tapped_->sends_nothing) return;
    const auto verdict = tapped_->tap ? tapped_->tap->leaves(link_, packet, tapped_->late.gathers()) : OnDeparture{};
    send_beside(verdict.before, gate);
    if (verdict.close_before) return end_by_fault(*verdict.close_before);
    if (!verdict.withheld) send_late(verdict, packet, gate);
    send_beside(verdict.after, gate);
    if (verdict.withheld && std::holds_alternative<outgoing::Connack>(packet)) {
        tapped_->silent = tapped_->sends_nothing = true;  // [MQTT-3.2.0-1]
    }
    if (is_accepted_connack(packet)) answer_at_once();
    if (verdict.close_after) end_by_fault(*verdict.close_after);
}

void Session::send_late(const OnDeparture& verdict, const device::Outgoing& packet, device::Gate gate) {
    LatePackets::Packet late;
    late.gate = gate;
    late.ready = wire_.now() + verdict.delay;
    late.due = late.ready + verdict.gathers_for;
    late.overtake = verdict.overtake || verdict.behind > 0;
    late.behind = verdict.behind;
    late.held_by = verdict.held_by;
    if (verdict.instead) {
        late.bytes = *verdict.instead;
    } else {
        encode(late.bytes, packet);
    }
    auto first = late;
    first.gathers = verdict.gathers;
    first.together = verdict.gathers > 0;
    first.overtake = first.overtake && !first.together;
    tapped_->late.add(std::move(first));
    late.due = late.ready;
    for (unsigned copy = 0; copy < verdict.copies; ++copy) tapped_->late.add(late);
    leave_due();
}

void Session::send_beside(const std::string& bytes, device::Gate gate) {
    if (bytes.empty() || tapped_ == nullptr || tapped_->sends_nothing) return;
    LatePackets::Packet late;
    late.bytes = bytes;
    late.gate = gate;
    late.beside = true;
    tapped_->late.add(std::move(late));
    leave_due();
}

void Session::leave_due() {
    auto& late = tapped_->late;
    while (const auto packet = late.next(wire_.now())) {
        if (packet->ending) {
            tapped_->ending = packet->ending;
            late.clear();
            wire_.wake_at(wire_.now());  // not here: the devices are in the middle of something
            return;
        }
        if (packet->beside) {
            wire_.send(packet->bytes, {}, packet->gate);
        } else if (!packet->bytes.empty()) {
            leave(packet->bytes, {}, packet->gate);
            if (is_publish(packet->bytes)) late.publish_left(packet->number);
        }
    }
    if (const auto wake = late.wake()) wire_.wake_at(*wake);
}

void Session::answer_at_once() {
    if (tapped_ == nullptr || tapped_->tap == nullptr) return;
    const auto orders = tapped_->tap->at_once(link_);
    send_beside(orders.bytes, services_.devices.gate());
    if (orders.ending) end_by_fault(*orders.ending);
}

// Behind what is late, which it must not cut off.
void Session::end_by_fault(Ending ending) {
    if (tapped_ == nullptr || tapped_->sends_nothing) return;
    tapped_->sends_nothing = true;
    LatePackets::Packet late;
    late.ending = ending;
    tapped_->late.add(std::move(late));
    leave_due();
}

// What is due now that nobody is in the middle of anything. True: the connection has ended.
bool Session::finish() {
    if (tapped_ == nullptr) return false;
    if (tapped_->closing && tapped_->late.empty()) {
        wire_.close(*std::exchange(tapped_->closing, std::nullopt));
        return true;
    }
    if (!tapped_->ending) return false;
    const auto ending = *std::exchange(tapped_->ending, std::nullopt);
    if (ending != Ending::half) {
        machine_.close();
        services_.devices.closed(link_, CloseReason::fault);
    }
    wire_.end(ending);
    return ending != Ending::half;
}

bool Session::silenced() const {
    return tapped_ != nullptr && tapped_->silent;
}

// What a fault holds is sent before, or lost.
bool Session::closes_later(CloseReason reason) {
    if (tapped_ == nullptr || tapped_->late.empty()) return false;
    if (reason == CloseReason::shutdown) {
        tapped_->late.release([](std::uint32_t) { return false; });
        leave_due();
        return false;
    }
    if (!is_answered_first(reason)) return false;
    tapped_->closing = reason;
    return true;
}

}  // namespace mqtt
