#pragma once
// One live MQTT connection as the devices see it. Owned by net's connection, known to its device.

#include "server/core/client.h"
#include "server/core/peer.h"

#include <array>
#include <cstdint>
#include <optional>
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
        ids_[next_] = id;
        next_ = (next_ + 1) % ids_.size();
    }
    bool empty() const { return ids_.front() == 0; }
    bool contains(std::uint16_t id) const {
        for (const auto known : ids_) {
            if (known == id) return true;
        }
        return false;
    }

  private:
    std::array<std::uint16_t, 32> ids_{};  // 0 is no packet id
    std::size_t next_ = 0;
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
    std::optional<Will> will;
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
