#include "server/net/mqtt_handler.h"

#include "server/net/connection.h"

namespace net {
namespace {

// A device that does not take its PUBACKs is not read from. [R45b] bounds what others send to it.
constexpr std::size_t full_outbox_bytes = 1024 * 1024;

unsigned packet_number(std::string_view raw) {
    return static_cast<unsigned char>(raw.front()) >> 4U;
}

}  // namespace

MqttHandler::MqttHandler(Connection& connection, device::DevicePort& devices, const protocol::PacketLimits& limits)
    : connection_(connection), devices_(devices), link_(*this, connection.facts()), machine_(limits) {
    tracing_ = devices_.wants_packets(link_);
}

void MqttHandler::on_bytes(std::string_view bytes) {
    while (true) {
        const auto action = machine_.next(bytes, connection_.now());
        if (std::holds_alternative<protocol::NeedMore>(action)) return;
        ++connection_.traffic().packets_in;
        const auto raw = machine_.last_packet();
        if (!raw.empty()) connection_.services().metrics.count_packet(packet_number(raw), runtime::Direction::in);
        if (tracing_) devices_.packet(link_, false, raw);
        if (!handle(action)) return;
    }
}

bool MqttHandler::handle(const protocol::Action& action) {
    if (const auto* publish = std::get_if<protocol::PublishRequest>(&action)) {
        on_publish(publish->publish);
    } else if (const auto* connect = std::get_if<protocol::ConnectRequest>(&action)) {
        return on_connect(connect->connect);
    } else if (const auto* subscribe = std::get_if<protocol::SubscribeRequest>(&action)) {
        devices_.subscribe(link_, subscribe->subscribe);
        if (subscribe->subscribe.doubtful_text) {
            devices_.doubtful_text(link_, {"SUBSCRIBE", subscribe->subscribe.packet_id, {}});
        }
    } else if (const auto* unsubscribe = std::get_if<protocol::UnsubscribeRequest>(&action)) {
        devices_.unsubscribe(link_, unsubscribe->unsubscribe);
        if (unsubscribe->unsubscribe.doubtful_text) {
            devices_.doubtful_text(link_, {"UNSUBSCRIBE", unsubscribe->unsubscribe.packet_id, {}});
        }
    } else if (std::holds_alternative<protocol::PingRequest>(action)) {
        std::string packet;
        protocol::encode_pingresp(packet);
        send(packet);
    } else if (const auto* puback = std::get_if<protocol::IgnoredPuback>(&action)) {
        devices_.unexpected_puback(link_, puback->packet_id);
    } else if (const auto* violation = std::get_if<protocol::Violation>(&action)) {
        return on_violation(*violation);
    } else {
        end(device::CloseReason::device_disconnect);  // [MQTT-3.14.4-3]
    }
    return link_.state != device::Link::State::ended;
}

void MqttHandler::on_publish(const protocol::Publish& publish) {
    if (publish.doubtful_text) {
        const auto packet_id = publish.qos == 0 ? std::nullopt : std::optional(publish.packet_id);
        devices_.doubtful_text(link_, {"PUBLISH", packet_id, publish.topic});
    }
    devices_.publish(link_, publish);
}

bool MqttHandler::on_connect(const protocol::Connect& connect) {
    if (connect.doubtful_text) devices_.doubtful_text(link_, {"CONNECT", std::nullopt, {}});
    if (!devices_.connect(link_, connect)) {
        machine_.refused();
        end(device::CloseReason::refused);
        return false;
    }
    machine_.accepted(connect.keep_alive_s, link_.anonymous());
    tracing_ = devices_.wants_packets(link_);
    connection_.deadline_changed();
    if (!link_.anonymous()) connection_.services().logged_in(connection_);
    return link_.state == device::Link::State::connected;
}

bool MqttHandler::on_violation(const protocol::Violation& violation) {
    devices_.violation(link_, violation);
    if (violation.connack) {
        std::string packet;
        protocol::encode_connack(packet, false, *violation.connack);
        send(packet);
    }
    end(device::CloseReason::violation);
    return false;
}

void MqttHandler::end(device::CloseReason reason) {
    took_leave_ = reason == device::CloseReason::device_disconnect;
    devices_.closed(link_, reason);
    connection_.close(reason);
}

void MqttHandler::on_closed(device::CloseReason reason) {
    machine_.close();
    devices_.closed(link_, reason);
}

ProtocolHandler::TimePoint MqttHandler::connection_now() const {
    return connection_.now();
}

bool MqttHandler::wants_bytes() const {
    return connection_.waiting_bytes() < full_outbox_bytes;
}

std::optional<ProtocolHandler::TimePoint> MqttHandler::deadline() const {
    if (machine_.state() == protocol::ConnectionState::awaiting_connect) {
        return connection_.opened() + connection_.services().connect_timeout;
    }
    return machine_.keep_alive().deadline();
}

device::CloseReason MqttHandler::deadline_reason() const {
    return machine_.state() == protocol::ConnectionState::awaiting_connect ? device::CloseReason::connect_timeout
                                                                           : device::CloseReason::keep_alive;
}

void MqttHandler::send(std::string_view packets) {
    ++connection_.traffic().packets_out;
    if (!packets.empty()) {
        connection_.services().metrics.count_packet(packet_number(packets), runtime::Direction::out);
    }
    if (tracing_) devices_.packet(link_, true, packets);
    connection_.send(packets);
}

std::size_t MqttHandler::waiting_bytes() const {
    return connection_.waiting_bytes();
}

void MqttHandler::close(device::CloseReason reason) {
    machine_.close();
    connection_.close(reason);
}

device::PeerTraffic MqttHandler::traffic() const {
    return connection_.traffic();
}

}  // namespace net
