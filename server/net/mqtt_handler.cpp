#include "server/net/mqtt_handler.h"

#include "server/net/connection.h"

namespace net {

MqttHandler::MqttHandler(Connection& connection, mqtt::SessionServices& services)
    : connection_(connection), session_(*this, connection.facts(), services) {}

void MqttHandler::send(std::string_view head, std::string_view body, device::Gate gate) {
    connection_.send(head, body, gate);
}

std::size_t MqttHandler::waiting_bytes() const {
    return connection_.waiting_bytes();
}

std::uint64_t MqttHandler::promised_bytes() const {
    return connection_.promised_bytes();
}

void MqttHandler::close(device::CloseReason reason) {
    connection_.close(reason);
}

void MqttHandler::end(mqtt::Ending ending) {
    connection_.end(ending, device::CloseReason::fault);
}

mqtt::Wire::TimePoint MqttHandler::now() const {
    return connection_.now();
}

mqtt::Wire::TimePoint MqttHandler::opened() const {
    return connection_.opened();
}

device::PeerTraffic& MqttHandler::traffic() {
    return connection_.traffic();
}

void MqttHandler::deadline_changed() {
    connection_.deadline_changed();
}

void MqttHandler::wake_at(mqtt::Wire::TimePoint time) {
    connection_.wake_at(time);
}

void MqttHandler::read_after_commit() {
    connection_.read_after_commit();
}

void MqttHandler::logged_in() {
    connection_.services().logged_in(connection_);
}

}  // namespace net
