#pragma once
// One live MQTT connection as the devices see it. Owned by net's connection, known to its device.

#include "server/core/client.h"
#include "server/core/peer.h"
#include "server/core/rare.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace murano {
struct Client;
}

namespace device {

// The last packet ids that a connection used, to tell a DUP that repeats from a DUP on a first send. [R27]
class RecentPacketIds {
  public:
    void add(std::uint16_t id) {
        if (!ring_) ring_.emplace();
        ring_->ids[ring_->next] = id;
        ring_->next = (ring_->next + 1) % ring_->ids.size();
    }
    bool empty() const { return !ring_; }
    bool contains(std::uint16_t id) const {
        return ring_ && std::find(ring_->ids.begin(), ring_->ids.end(), id) != ring_->ids.end();
    }

  private:
    struct Ring {
        std::array<std::uint16_t, 32> ids{};  // 0 is no packet id
        std::size_t next = 0;
    };
    Rare<Ring> ring_;  // from the first one on: a device that only listens sends none
};

struct Will {
    std::string topic;
    std::string payload;
};

struct Link {
    enum class State : std::uint8_t { fresh, connected, ended };

    Link(Peer& its_peer, const PeerFacts& its_facts)
        : peer(its_peer), facts(its_facts), client{.origin = its_facts, .protocol = journal::Protocol::mqtt} {}

    Peer& peer;
    const PeerFacts& facts;  // the connection's
    Client client;           // who speaks
    std::string client_id;
    State state = State::fresh;
    bool clean_session = true;
    bool keep_session = false;         // this connection has a stored session [R20]
    std::vector<std::string> filters;  // granted ones; those for arbitrary topics deliver [R35]
    std::string provision_id;          // anonymous: the one id it may subscribe to [R47]
    Rare<Will> will;
    RecentPacketIds packet_ids;
    std::string room;  // for the journal's copy of a giant message that is on its way; else empty
    bool told_own_credential = false;
    bool dropping_copies = false;  // during an episode of R45b
    std::int64_t connected_us = 0;

    bool anonymous() const { return client.anonymous(); }
};

// Who speaks, as the rules of topics see it. Valid as long as the link and its device.
murano::Client topic_client(const Link& link);

}  // namespace device
