#pragma once
// MQTT on a connection of this box: mqtt has the session, this is its wire.

#include "server/mqtt/session.h"
#include "server/net/protocol_handler.h"

namespace net {

class MqttHandler final : public ProtocolHandler, public mqtt::Wire {
  public:
    MqttHandler(Connection& connection, mqtt::SessionServices& services);

    // ProtocolHandler
    void on_bytes(std::string_view bytes) override { session_.on_bytes(bytes); }
    void on_closed(device::CloseReason reason) override { session_.on_closed(reason); }
    bool wants_bytes() const override { return session_.wants_bytes(); }
    void on_resumed() override { session_.on_resumed(); }
    void on_wake() override { session_.on_wake(); }
    void taps_changed() override { session_.taps_changed(); }
    std::optional<ProtocolHandler::TimePoint> deadline() const override { return session_.deadline(); }
    device::CloseReason deadline_reason() const override { return session_.deadline_reason(); }
    bool peer_took_leave() const override { return session_.took_leave(); }
    bool awaits_connect() const override { return session_.awaits_connect(); }
    std::string_view name() const override { return "mqtt"; }
    std::size_t held_bytes() const override { return session_.held_bytes(); }

    // mqtt::Wire
    void send(std::string_view head, std::string_view body, device::Gate gate) override;
    std::size_t waiting_bytes() const override;
    std::uint64_t promised_bytes() const override;
    void close(device::CloseReason reason) override;
    void end(mqtt::Ending ending) override;
    mqtt::Wire::TimePoint now() const override;
    mqtt::Wire::TimePoint opened() const override;
    device::PeerTraffic& traffic() override;
    void deadline_changed() override;
    void wake_at(mqtt::Wire::TimePoint time) override;
    void logged_in() override;
    void read_after_commit() override;

  private:
    Connection& connection_;
    mqtt::Session session_;
};

}  // namespace net
