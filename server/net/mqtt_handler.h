#pragma once
// MQTT on one connection: the protocol machine on one side, the devices on the other. Knows neither sockets nor rules.

#include "protocol/encoder.h"
#include "protocol/server_connection.h"
#include "server/device/device_port.h"
#include "server/net/protocol_handler.h"

namespace net {

class MqttHandler : public ProtocolHandler, public device::Peer {
  public:
    MqttHandler(Connection& connection, device::DevicePort& devices, const protocol::PacketLimits& limits);

    // ProtocolHandler
    void on_bytes(std::string_view bytes) override;
    void on_closed(device::CloseReason reason) override;
    bool wants_bytes() const override;
    void on_resumed() override { machine_.reading_resumed(connection_now()); }
    std::optional<TimePoint> deadline() const override;
    device::CloseReason deadline_reason() const override;
    bool peer_took_leave() const override { return took_leave_; }
    std::string_view name() const override { return "mqtt"; }
    std::size_t held_bytes() const override { return machine_.reserved_bytes(); }

    // device::Peer
    void send(std::string_view packets) override;
    std::size_t waiting_bytes() const override;
    void close(device::CloseReason reason) override;
    device::PeerTraffic traffic() const override;

  private:
    // False: nothing more is processed.
    bool handle(const protocol::Action& action);
    TimePoint connection_now() const;
    bool on_connect(const protocol::Connect& connect);
    bool on_violation(const protocol::Violation& violation);
    void on_publish(const protocol::Publish& publish);
    void end(device::CloseReason reason);

    Connection& connection_;
    device::DevicePort& devices_;
    device::Link link_;
    protocol::ServerConnection machine_;
    bool tracing_ = false;
    bool took_leave_ = false;  // DISCONNECT came
};

}  // namespace net
