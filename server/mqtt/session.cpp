#include "server/mqtt/session.h"

#include "protocol/fixed_header.h"
#include "server/core/commit_queue.h"
#include "server/mqtt/encode.h"
#include "server/mqtt/tapped.h"

#include <algorithm>

namespace mqtt {
namespace {

using device::CloseReason;
using device::Link;

// A device that does not take its PUBACKs is not read from. [R45b] bounds what others send to it.
constexpr std::size_t full_outbox_bytes = 1024 * 1024;

unsigned packet_number(std::string_view raw) {
    return static_cast<unsigned char>(raw.front()) >> 4U;
}

}  // namespace

Session::Session(Wire& wire, const device::PeerFacts& facts, SessionServices& services)
    : wire_(wire), services_(services), link_(*this, facts), machine_(services.packets) {
    tracing_ = services_.devices.wants_packets(link_);
    if (services_.taps != nullptr) put_tap();
}

Session::~Session() = default;

void Session::on_bytes(std::string_view bytes) {
    const auto now = wire_.now();
    while (true) {
        const auto action = machine_.next(bytes, now);
        if (std::holds_alternative<protocol::NeedMore>(action)) return make_room();
        ++wire_.traffic().packets_in;
        const auto raw = machine_.last_packet();
        if (!raw.empty()) services_.metrics.count_packet(packet_number(raw), runtime::Direction::in);
        if (tracing_) services_.devices.packet(link_, false, raw);
        if (verdict::looks(services_.observer)) observe_came(action);
        if (tapped_ == nullptr ? !handle(action) : !handle_tapped(action)) return;
    }
}

bool Session::handle(const protocol::Action& action) {
    auto& devices = services_.devices;
    if (const auto* publish = std::get_if<protocol::PublishRequest>(&action)) {
        on_publish(publish->publish);
    } else if (const auto* connect = std::get_if<protocol::ConnectRequest>(&action)) {
        return on_connect(connect->connect);
    } else if (const auto* subscribe = std::get_if<protocol::SubscribeRequest>(&action)) {
        devices.subscribe(link_, subscribe->subscribe);
        if (subscribe->subscribe.doubtful_text) {
            devices.doubtful_text(link_, {"SUBSCRIBE", subscribe->subscribe.packet_id, {}});
        }
    } else if (const auto* unsubscribe = std::get_if<protocol::UnsubscribeRequest>(&action)) {
        devices.unsubscribe(link_, unsubscribe->unsubscribe);
        if (unsubscribe->unsubscribe.doubtful_text) {
            devices.doubtful_text(link_, {"UNSUBSCRIBE", unsubscribe->unsubscribe.packet_id, {}});
        }
    } else if (std::holds_alternative<protocol::PingRequest>(action)) {
        // It confirms nothing: a long commit must not look like a dead server.
        send(device::outgoing::Pingresp{}, 0);
    } else if (const auto* puback = std::get_if<protocol::IgnoredPuback>(&action)) {
        devices.unexpected_puback(link_, puback->packet_id);
    } else if (const auto* violation = std::get_if<protocol::Violation>(&action)) {
        return on_violation(*violation);
    } else {
        end(CloseReason::device_disconnect);  // [MQTT-3.14.4-3]
    }
    return link_.state != Link::State::ended;
}

void Session::on_publish(const protocol::Publish& publish) {
    if (publish.doubtful_text) {
        const auto packet_id = publish.qos == 0 ? std::nullopt : std::optional(publish.packet_id);
        services_.devices.doubtful_text(link_, {"PUBLISH", packet_id, publish.topic});
    }
    services_.devices.publish(link_, publish);
    if (publish.payload.size() >= device::CommitQueue::giant_bytes) wire_.read_after_commit();
    if (!link_.room.empty()) std::string().swap(link_.room);
}

// A giant message to an arbitrary topic is copied into the journal whole. The memory for it is filled piece by piece
// while the message comes: to touch hundreds of megabytes for the first time, at its end, would hold up all others.
void Session::make_room() {
    constexpr std::uint8_t publish_type = 3;
    constexpr std::size_t beside_payload = 256 * 1024;  // topic, identity and the like
    const auto come = machine_.pending();
    if (come.size() <= protocol::PacketSplitter::large_bytes || link_.anonymous()) return;
    const auto header = protocol::read_fixed_header(come);
    const auto topic = come.substr(header.size + 2);
    if (static_cast<std::uint8_t>(come.front()) >> 4U != publish_type || topic.starts_with('$')) return;
    if (link_.room.empty()) link_.room.reserve(header.remaining_length + beside_payload);
    link_.room.resize(come.size());
}

bool Session::on_connect(const protocol::Connect& connect) {
    if (connect.doubtful_text) services_.devices.doubtful_text(link_, {"CONNECT", std::nullopt, {}});
    if (!services_.devices.connect(link_, connect)) {
        machine_.refused();
        end(CloseReason::refused);
        return false;
    }
    machine_.accepted(connect.keep_alive_s, link_.anonymous());
    tracing_ = services_.devices.wants_packets(link_);
    wire_.deadline_changed();
    if (!link_.anonymous()) wire_.logged_in();
    return link_.state == Link::State::connected;
}

bool Session::on_violation(const protocol::Violation& violation) {
    services_.devices.violation(link_, violation);
    if (violation.connack) send(device::outgoing::Connack{false, *violation.connack}, services_.devices.gate());
    end(CloseReason::violation);
    return false;
}

void Session::end(CloseReason reason) {
    took_leave_ = reason == CloseReason::device_disconnect;
    services_.devices.closed(link_, reason);
    close(reason);
}

void Session::on_closed(CloseReason reason) {
    machine_.close();
    if (tapped_ != nullptr) tapped_->late.clear();
    services_.devices.closed(link_, reason);
}

bool Session::wants_bytes() const {
    return waiting_bytes() < full_outbox_bytes;
}

std::optional<Session::TimePoint> Session::deadline() const {
    if (silenced()) return std::nullopt;
    if (awaits_connect()) return wire_.opened() + services_.connect_timeout;
    return machine_.keep_alive().deadline();
}

CloseReason Session::deadline_reason() const {
    return awaits_connect() ? CloseReason::connect_timeout : CloseReason::keep_alive;
}

std::size_t Session::held_bytes() const {
    return machine_.reserved_bytes() + link_.room.size() + (tapped_ == nullptr ? 0 : tapped_->late.bytes());
}

std::size_t Session::waiting_bytes() const {
    return wire_.waiting_bytes() + (tapped_ == nullptr ? 0 : tapped_->late.bytes());
}

void Session::send(const device::Outgoing& packet, device::Gate gate) {
    // Who it is is known now, and the CONNACK is the first packet that this can matter to.
    if (services_.taps != nullptr && std::holds_alternative<device::outgoing::Connack>(packet)) put_tap();
    tapped_ == nullptr ? leave(packet, gate) : send_tapped(packet, gate);
}

void Session::leave(const device::Outgoing& packet, device::Gate gate) {
    auto& head = services_.scratch;
    head.clear();
    const auto body = encode_head(head, packet);
    leave(head, body, gate);
}

void Session::leave(std::string_view head, std::string_view body, device::Gate gate) {
    ++wire_.traffic().packets_out;
    services_.metrics.count_packet(packet_number(head), runtime::Direction::out);
    if (tracing_) {
        services_.devices.packet(link_, true, std::string(head).append(body));
        gate = std::max(gate, services_.devices.gate());  // its own event is kept before it leaves
    }
    if (verdict::looks(services_.observer)) observe_left(head, body);
    wire_.send(head, body, gate);
}

void Session::close(CloseReason reason) {
    machine_.close();
    if (!closes_later(reason)) wire_.close(reason);
}

}  // namespace mqtt
