#pragma once
// All devices of one loop: builds and connects the parts of this box. Loop thread only.

#include "server/control/control_service.h"
#include "server/control/run_world.h"
#include "server/device/device_port.h"
#include "server/device/on_publish.h"
#include "server/device/on_subscribe.h"

#include <filesystem>
#include <memory>

namespace device {

class DeviceService : public DevicePort {
  public:
    explicit DeviceService(Context context);

    bool connect(Link& link, const protocol::Connect& connect) override;
    void publish(Link& link, const protocol::Publish& publish) override;
    void subscribe(Link& link, const protocol::Subscribe& subscribe) override;
    void unsubscribe(Link& link, const protocol::Unsubscribe& unsubscribe) override;
    void unexpected_puback(Link& link, std::uint16_t packet_id) override;
    void violation(Link& link, const protocol::Violation& violation) override;
    void doubtful_text(Link& link, const About& about) override;
    void packet(Link& link, bool outgoing, std::string_view raw) override;
    bool wants_packets(const Link& link) const override;
    std::string claimed_identity(const Link& link, const protocol::Connect& connect) override {
        return logins_.claimed_identity(link, connect, now(link));
    }
    Gate gate() const override { return context_.commits.gate(); }
    void closed(Link& link, CloseReason reason) override;
    void handshake_failed(const HandshakeFailure& failure) override;

    ControlService& control() { return control_; }
    Context& context() { return context_; }
    Seeds& seeds() { return seeds_; }
    Snapshots& snapshots() { return snapshots_; }
    RunWorld run_world() { return RunWorld({context_, table_, state_, lifecycle_, delivery_}); }
    const config::ConnectorSettings& settings_of(std::string_view connector);
    bool connector_may_exist(std::string_view connector) { return table_.may_exist(connector); }

    // New settings from the file: in force at once for its connectors, for others when they are created.
    void reload(const config::ConnectorSettings& defaults, const Seeds::Map& seeds);
    void tick();       // once a second
    void shut_down();  // ends every connection; Wills are published [R9]

  private:
    runtime::Now now(const Link& link) const { return context_.clock.now(link.facts.connector); }
    bool journals_packets(const Link& link) const;
    void committed(bool ok);
    void end_all(CloseReason reason);
    void try_to_write();

    Context context_;
    Recorder recorder_;
    DeviceTable table_;
    Sessions sessions_;
    Delivery delivery_;
    State state_;
    Lifecycle lifecycle_;
    Provisioner provisioner_;
    HiddenText hidden_text_;
    LoginDoubts login_doubts_;
    Logins logins_;
    Reports reports_;
    ContentList content_list_;
    Inbound inbound_;
    Subscriber subscriber_;
    Seeds seeds_;
    Expiry expiry_;
    ContentFiles files_;
    journal::HiddenEvents hidden_;
    Snapshots snapshots_;
    ControlService control_;
    bool trying_to_write_ = false;
    bool sessions_lost_ = false;  // since a failed commit: the store has sessions as connected that are not
};

}  // namespace device
