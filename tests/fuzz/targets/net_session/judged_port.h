#pragma once
// The devices as a session sees them, with a judge that is called before and after each call.

#include "server/device/device_port.h"

namespace fuzz::session {

class Client;
class World;

class JudgedPort final : public device::DevicePort {
  public:
    JudgedPort(World& world, device::DevicePort& devices) : world_(world), devices_(devices) {}

    bool connect(device::Link& link, const protocol::Connect& connect) override;
    void publish(device::Link& link, const protocol::Publish& publish) override;
    void subscribe(device::Link& link, const protocol::Subscribe& subscribe) override;
    void unsubscribe(device::Link& link, const protocol::Unsubscribe& unsubscribe) override;
    void unexpected_puback(device::Link& link, std::uint16_t packet_id) override;
    void violation(device::Link& link, const protocol::Violation& violation) override;
    void doubtful_text(device::Link& link, const device::About& about) override { devices_.doubtful_text(link, about); }
    void packet(device::Link& link, bool outgoing, std::string_view raw) override {
        devices_.packet(link, outgoing, raw);
    }
    bool wants_packets(const device::Link& link) const override { return devices_.wants_packets(link); }
    device::Gate gate() const override { return devices_.gate(); }
    void closed(device::Link& link, device::CloseReason reason) override;
    void handshake_failed(const HandshakeFailure& failure) override { devices_.handshake_failed(failure); }

  private:
    Client& begin(const device::Link& link);  // the link's client

    World& world_;
    device::DevicePort& devices_;
};

}  // namespace fuzz::session
