#pragma once
// One network connection with the server's own session, which checks itself what a wire must never see: nothing is sent
// after the end, no byte leaves before its commit.

#include "server/mqtt/session.h"
#include "server/net/outbox.h"
#include "tests/fuzz/targets/net_session/model.h"
#include "tests/fuzz/targets/net_session/noting_taps.h"
#include "tests/fuzz/targets/net_session/received.h"

#include <algorithm>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fuzz::session {

class World;

class Client final : public mqtt::Wire {
  public:
    Client(World& world, device::PeerFacts facts);

    void feed(std::string_view bytes);
    void lose(device::CloseReason reason = device::CloseReason::network_error);
    void abandon() { abandoned_ = true; }  // the server is gone: no callbacks
    void flush();                          // writes what may leave
    void commit_failed();
    void note_meant(std::string_view bytes);  // output of the devices, before a fault changes it
    void faults_changed() { session_.taps_changed(); }
    void wake();  // if it is due
    void set_reading(bool reading) { reading_ = reading; }
    void check_keep_alive();

    void send(std::string_view head, std::string_view body, device::Gate gate) override;
    std::size_t waiting_bytes() const override { return outbox_.size(); }
    std::uint64_t promised_bytes() const override { return traffic_.bytes_out + outbox_.size(); }
    void close(device::CloseReason reason) override;
    void end(mqtt::Ending ending) override;
    TimePoint now() const override;
    TimePoint opened() const override { return opened_; }
    device::PeerTraffic& traffic() override { return traffic_; }
    void deadline_changed() override {}
    void wake_at(TimePoint time) override { wake_at_ = wake_at_ ? std::min(*wake_at_, time) : time; }
    void logged_in() override {}
    void read_after_commit() override {}

    const device::Link& link() const { return session_.link(); }
    bool closed() const { return closed_; }
    std::size_t held_bytes() const { return session_.waiting_bytes(); }  // here, and by faults
    bool connected() const { return link().state == device::Link::State::connected; }
    const std::string& connector() const { return facts_.connector; }

    // The model's notes.
    Owner owner;                       // empty identity: anonymous, or not logged in
    std::vector<std::string> filters;  // granted
    bool keeps_session = false;
    bool ending_noted = false;
    bool has_will_of_values = false;  // it reports values at the end, which the model does not predict
    std::vector<Received> news;       // sent to it since the judge's last check; the intended output, if struck
    bool struck = false;              // faults apply, or applied, to it
    bool mute = false;                // a fault suppresses answers: none is expected
    bool spoilt = false;              // a fault sent something that is not one of our packets

  private:
    struct Gate {
        std::size_t bytes_before;  // of everything sent so far
        std::uint64_t sequence;
        std::uint16_t packet_id;
    };
    bool may_leave(const Gate& puback) const;
    void note_sent(const std::string& bytes);

    World& world_;
    device::PeerFacts facts_;
    device::PeerTraffic traffic_;
    TimePoint opened_;
    NotingTaps taps_;
    mqtt::SessionServices services_;
    mqtt::Session session_;
    net::Outbox outbox_;
    std::deque<Gate> meant_;  // PUBACKs, if struck
    std::optional<TimePoint> wake_at_;
    std::deque<Gate> pubacks_;  // not on the wire yet
    std::size_t bytes_given_ = 0, bytes_left_ = 0;
    bool closed_ = false;
    bool abandoned_ = false;
    bool reading_ = true;
    bool greeted_ = false;
};

}  // namespace fuzz::session
