#pragma once
// One network connection as net has it: the protocol machine in front, the outbox behind, and the link between. What it
// must never do, it checks itself: nothing is handled or sent after the end, no byte leaves before its commit.

#include "protocol/server_connection.h"
#include "server/device/device_port.h"
#include "server/net/outbox.h"
#include "tests/fuzz/targets/net_session/model.h"
#include "tests/fuzz/targets/net_session/received.h"

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace fuzz::session {

class World;

class Client final : public device::Peer {
  public:
    Client(World& world, device::PeerFacts facts);

    void feed(std::string_view bytes);
    void lose(device::CloseReason reason = device::CloseReason::network_error);
    void abandon() { abandoned_ = true; }  // the server is gone: there is nobody to tell
    void flush();                          // what may leave, leaves
    void commit_failed();
    void set_reading(bool reading) { reading_ = reading; }
    void check_keep_alive();

    void send(std::string_view packets) override;
    std::size_t waiting_bytes() const override { return outbox_.size(); }
    void close(device::CloseReason reason) override;
    device::PeerTraffic traffic() const override { return {}; }

    const device::Link& link() const { return link_; }
    bool connected() const { return link_.state == device::Link::State::connected; }
    const std::string& connector() const { return facts_.connector; }

    // The model's notes.
    Owner owner;                       // empty identity: anonymous, or not logged in
    std::vector<std::string> filters;  // granted
    bool keeps_session = false;
    bool ending_noted = false;
    bool has_will_of_values = false;  // it reports values at the end, which the model does not foresee
    std::vector<Received> news;       // sent to it since the judge looked last

  private:
    bool handle(const protocol::Action& action);
    bool on_connect(const protocol::Connect& connect);
    void end(device::CloseReason reason);

    struct Gate {
        std::size_t bytes_before;  // of all that was ever sent
        std::uint64_t sequence;
    };

    World& world_;
    device::PeerFacts facts_;
    device::Link link_;
    protocol::ServerConnection machine_;
    net::Outbox outbox_;
    std::deque<Gate> pubacks_;  // not on the wire yet
    std::size_t bytes_given_ = 0, bytes_left_ = 0;
    bool closed_ = false;
    bool abandoned_ = false;
    bool reading_ = true;
    bool greeted_ = false;
};

}  // namespace fuzz::session
