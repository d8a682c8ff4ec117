#pragma once
// A device of a scripted test: one connection with the server's own session. The server's output arrives after its
// commit; each expect_...() takes the next packet and fails the test if it is another one.

#include "server/mqtt/session.h"
#include "server/net/outbox.h"
#include "tests/support/packet_builder.h"
#include "tests/support/world/life.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace test {

class World;

class Device final : public mqtt::Wire {
  public:
    Device(World& world, device::PeerFacts facts);
    Device(const Device&) = delete;
    Device& operator=(const Device&) = delete;

    // --- its actions ---
    void send(std::string_view packets);                                                      // bytes, in any chunks
    void publish(std::string_view topic, std::string_view payload);                           // QoS 0
    void publish(std::string_view topic, std::string_view payload, std::uint16_t packet_id);  // QoS 1
    void subscribe(std::uint16_t packet_id, const std::vector<std::string>& filters);
    void unsubscribe(std::uint16_t packet_id, const std::vector<std::string>& filters);
    void disconnect() { send(test::disconnect); }
    void vanish(device::CloseReason reason = device::CloseReason::network_error);  // the network loses it

    // --- its expectations ---
    void expect_connack(unsigned code = 0, bool session_present = false);
    void expect_puback(std::uint16_t packet_id);
    void expect_suback(std::uint16_t packet_id, const std::vector<unsigned>& codes);
    void expect_unsuback(std::uint16_t packet_id);
    void expect_pingresp();
    void expect_publish(std::string_view topic, std::string_view payload);
    // A value from the cloud: its topic ends in the time of the set, which is returned.
    std::string expect_value(std::string_view alias, std::string_view payload);
    std::string expect_publish(std::string_view topic);  // the payload
    void expect_bytes(std::string_view hex);
    void expect_nothing();  // and the connection is open
    void expect_closed(device::CloseReason reason);
    void expect_closed(mqtt::Ending ending);

    const device::Link& link() const { return session_.link(); }
    mqtt::Session& session() { return session_; }
    bool closed() const { return closed_; }

    // --- for the world ---
    void flush();
    void commit_failed();
    void abandon() { closed_ = true; }  // the server is gone: no callbacks
    void time_passed();
    std::string identity;  // the owner of its credential

    // --- mqtt::Wire ---
    void send(std::string_view head, std::string_view body, device::Gate gate) override;
    std::size_t waiting_bytes() const override { return outbox_.size(); }
    std::uint64_t promised_bytes() const override { return traffic_.bytes_out; }  // counted by send()
    void close(device::CloseReason reason) override;
    void end(mqtt::Ending ending) override;
    TimePoint now() const override;
    TimePoint opened() const override { return opened_; }
    device::PeerTraffic& traffic() override { return traffic_; }
    void deadline_changed() override {}
    void wake_at(TimePoint time) override { wake_at_ = time; }
    void logged_in() override { logged_in_ = true; }
    void read_after_commit() override {}

    bool reading = true;  // false: nothing leaves the server's buffers

  private:
    std::string next_packet();

    World& world_;
    device::PeerFacts facts_;
    device::PeerTraffic traffic_;
    TimePoint opened_;
    net::Outbox outbox_;
    std::string arrived_;
    std::optional<TimePoint> wake_at_;
    std::optional<device::CloseReason> reason_;
    std::optional<mqtt::Ending> ending_;
    bool closed_ = false;
    bool logged_in_ = false;
    mqtt::Session session_;
};

}  // namespace test
