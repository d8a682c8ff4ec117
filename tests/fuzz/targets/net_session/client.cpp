#include "tests/fuzz/targets/net_session/client.h"

#include "protocol/encoder.h"
#include "tests/fuzz/targets/net_session/world.h"
#include "tests/fuzz/targets/require.h"

#include <utility>

namespace fuzz::session {

using device::CloseReason;

Client::Client(World& world, device::PeerFacts facts)
    : world_(world),
      facts_(std::move(facts)),
      link_(*this, facts_),
      machine_({.max_packet_bytes = 5000, .anonymous_max_packet_bytes = 500}) {}

void Client::feed(std::string_view bytes) {
    while (!abandoned_) {
        const auto action = machine_.next(bytes, world_.steady_now());
        if (std::holds_alternative<protocol::NeedMore>(action)) return;
        require(!closed_);  // nothing is handled after the end
        world_.judge().begin();
        world_.devices().packet(link_, false, machine_.last_packet());
        if (handle(action)) continue;
        require(closed_ && machine_.state() == protocol::ConnectionState::closing);
    }
}

bool Client::handle(const protocol::Action& action) {
    auto& devices = world_.devices();
    auto& judge = world_.judge();
    if (const auto* publish = std::get_if<protocol::PublishRequest>(&action)) {
        if (publish->publish.doubtful_text) devices.doubtful_text(link_, {"PUBLISH", {}, publish->publish.topic});
        devices.publish(link_, publish->publish);
        judge.published(*this, publish->publish);
    } else if (const auto* connect = std::get_if<protocol::ConnectRequest>(&action)) {
        return on_connect(connect->connect);
    } else if (const auto* subscribe = std::get_if<protocol::SubscribeRequest>(&action)) {
        devices.subscribe(link_, subscribe->subscribe);
        judge.subscribed(*this, subscribe->subscribe);
    } else if (const auto* unsubscribe = std::get_if<protocol::UnsubscribeRequest>(&action)) {
        devices.unsubscribe(link_, unsubscribe->unsubscribe);
        judge.unsubscribed(*this, unsubscribe->unsubscribe);
    } else if (std::holds_alternative<protocol::PingRequest>(action)) {
        std::string packet;
        protocol::encode_pingresp(packet);
        send(packet);
    } else if (const auto* puback = std::get_if<protocol::IgnoredPuback>(&action)) {
        devices.unexpected_puback(link_, puback->packet_id);
        judge.answered_nothing(*this);
    } else if (const auto* violation = std::get_if<protocol::Violation>(&action)) {
        devices.violation(link_, *violation);
        std::string packet;
        if (violation->connack) protocol::encode_connack(packet, false, *violation->connack);
        if (!packet.empty()) send(packet);
        end(CloseReason::violation);
    } else {
        end(CloseReason::device_disconnect);
    }
    return link_.state != device::Link::State::ended;
}

bool Client::on_connect(const protocol::Connect& connect) {
    auto& devices = world_.devices();
    if (connect.doubtful_text) devices.doubtful_text(link_, {"CONNECT", {}, {}});
    const bool expected = world_.judge().must_accept(*this, connect);
    const bool accepted = devices.connect(link_, connect);
    world_.judge().connected(*this, connect, accepted, expected);
    if (!accepted) {
        machine_.refused();
        end(CloseReason::refused);
        return false;
    }
    machine_.accepted(connect.keep_alive_s, link_.anonymous());
    return connected();
}

void Client::send(std::string_view packets) {
    require(!closed_ && !abandoned_ && link_.state != device::Link::State::ended);
    world_.devices().packet(link_, true, packets);
    for (auto& packet : read_packets(packets)) {
        require(std::exchange(greeted_, true) == (packet.type != protocol::PacketType::connack));  // [MQTT-3.2.0-1]
        if (packet.type == protocol::PacketType::puback) pubacks_.push_back({bytes_given_, world_.open_sequence()});
        bytes_given_ += packet.bytes;
        news.push_back(std::move(packet));
    }
    outbox_.append(packets, world_.commits().gate());
}

void Client::flush() {
    if (!reading_ || abandoned_) return;
    const auto bytes = outbox_.sendable(world_.commits().committed()).size();
    outbox_.sent(bytes);
    bytes_left_ += bytes;
    while (!pubacks_.empty() && pubacks_.front().bytes_before < bytes_left_) {
        require(world_.is_committed(pubacks_.front().sequence));  // [R25a]
        pubacks_.pop_front();
    }
}

void Client::close(CloseReason) {
    require(!closed_);
    closed_ = true;
    machine_.close();
}

void Client::end(CloseReason reason) {
    world_.devices().closed(link_, reason);
    close(reason);
}

void Client::lose(CloseReason reason) {
    outbox_.discard();
    pubacks_.clear();
    if (closed_ || abandoned_) return;
    closed_ = true;
    machine_.close();
    world_.devices().closed(link_, reason);
}

// As net does it: what does not wait for what has failed may leave yet.
void Client::commit_failed() {
    const auto& commits = world_.commits();
    outbox_.discard_gated(commits.committed_before_failure(), commits.committed());
    flush();
    ending_noted = true;  // nothing of its end is kept
    lose(CloseReason::commit_failed);
}

void Client::check_keep_alive() {
    const auto deadline = machine_.keep_alive().deadline();
    if (!closed_ && deadline && *deadline <= world_.steady_now()) lose(CloseReason::keep_alive);
}

}  // namespace fuzz::session
