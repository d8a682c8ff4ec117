#pragma once
// MQTT on one connection, between the protocol machine and the devices. Knows neither sockets nor rules. Each packet
// passes one point in each direction: counters, traces, and the tap.

#include "protocol/server_connection.h"
#include "server/device/device_port.h"
#include "server/mqtt/packet_tap.h"
#include "server/mqtt/wire.h"
#include "server/runtime/metrics.h"
#include "server/verdict/observer.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace mqtt {

// Shared by the sessions of a loop; outlives them.
struct SessionServices {
    device::DevicePort& devices;
    runtime::Metrics& metrics;
    TapSource* taps = nullptr;              // nullptr: packets are never changed
    verdict::Observer* observer = nullptr;  // nullptr: nothing observes
    protocol::PacketLimits packets{};
    std::chrono::milliseconds connect_timeout{10'000};
    std::string scratch{};  // head of the packet being encoded
};

// Loop thread only.
class Session final : public device::Peer {
  public:
    using TimePoint = Wire::TimePoint;

    Session(Wire& wire, const device::PeerFacts& facts, SessionServices& services);
    ~Session() override;
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    // Bytes as received, in chunks of any size.
    void on_bytes(std::string_view bytes);
    // The connection is closed or closing. Called once, whichever side closed.
    void on_closed(device::CloseReason reason);
    void on_resumed() { machine_.reading_resumed(wire_.now()); }
    void on_wake();
    void taps_changed();

    // False: read nothing for now.
    bool wants_bytes() const;
    // When to close the connection if nothing happens before, and why.
    std::optional<TimePoint> deadline() const;
    device::CloseReason deadline_reason() const;
    bool took_leave() const { return took_leave_; }  // DISCONNECT came
    bool awaits_connect() const { return machine_.state() == protocol::ConnectionState::awaiting_connect; }
    std::size_t held_bytes() const;  // packets received in part, or delayed by a fault
    const device::Link& link() const { return link_; }

    // device::Peer
    void send(const device::Outgoing& packet, device::Gate gate) override;
    std::size_t waiting_bytes() const override;
    void close(device::CloseReason reason) override;
    device::PeerTraffic traffic() const override { return wire_.traffic(); }

  private:
    struct Tapped;

    // False: nothing more is processed.
    bool handle(const protocol::Action& action);
    bool on_connect(const protocol::Connect& connect);
    bool on_violation(const protocol::Violation& violation);
    void on_publish(const protocol::Publish& publish);
    void make_room();
    void end(device::CloseReason reason);
    void leave(const device::Outgoing& packet, device::Gate gate);
    // Already encoded: the head, or the whole packet.
    void leave(std::string_view head, std::string_view body, device::Gate gate);

    // session_observed.cpp: while a run judges devices
    verdict::Sighting sighting() const;
    void observe_came(const protocol::Action& action) const;
    void observe_left(std::string_view head, std::string_view body) const;

    // session_tapped.cpp: while a fault may apply to packets
    void put_tap();
    bool handle_tapped(const protocol::Action& action);
    bool act(const OnArrival& verdict, const protocol::Action& action);
    void refuse(const OnArrival& verdict);
    void send_tapped(const device::Outgoing& packet, device::Gate gate);
    void send_late(const OnDeparture& verdict, const device::Outgoing& packet, device::Gate gate);
    void send_beside(const std::string& bytes, device::Gate gate);
    void leave_due();
    void answer_at_once();
    void end_by_fault(Ending ending);
    bool finish();
    bool silenced() const;
    bool closes_later(device::CloseReason reason);

    Wire& wire_;
    SessionServices& services_;
    device::Link link_;
    protocol::ServerConnection machine_;
    std::unique_ptr<Tapped> tapped_;  // nullptr: no fault applies here
    bool tracing_ = false;
    bool took_leave_ = false;
};

}  // namespace mqtt
