#pragma once
// One live MQTT connection as the devices see it. Owned by net's connection, known to its device.

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

struct Connector;
struct Device;

// The last packet ids of a connection, to tell a repeated DUP from a DUP on a first send. [R27]
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

    Link(Peer& its_peer, const PeerFacts& its_facts) : peer(its_peer), facts(its_facts) {}

    Peer& peer;
    const PeerFacts& facts;  // the connection's
    State state = State::fresh;
    Connector* connector = nullptr;  // from CONNECT on
    Device* device = nullptr;        // nullptr: anonymous
    std::string client_id;
    bool clean_session = true;
    bool keep_session = false;         // this connection has a stored session [R20]
    std::vector<std::string> filters;  // granted ones; those for arbitrary topics deliver [R35]
    std::string provision_id;          // anonymous: the one id it may subscribe to [R47]
    std::optional<Will> will;
    RecentPacketIds packet_ids;
    // Text sent as Username, ClientID or the like that is, or looks like, a credential: log, findings and packet traces
    // do not show it. [D20]
    std::vector<std::string> hidden;
    std::uint8_t secret_lookups = 0;  // look-ups spent on finding them
    std::string room;                 // place for the journal's copy of a giant message still arriving; else empty
    bool told_own_credential = false;
    bool dropping_copies = false;  // during an episode of R45b
    std::int64_t connected_us = 0;

    bool anonymous() const { return device == nullptr; }
};

// Who speaks, for the rules about topics. Valid as long as the link and its device.
murano::Client client_of(const Link& link);

// `text` without what the connection hides. `keep_length`: an asterisk for each byte.
std::string without_hidden(const Link& link, std::string_view text, bool keep_length = false);

}  // namespace device
