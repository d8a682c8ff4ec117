#pragma once
// Compares the server's behaviour with the model, step by step: the answers to each packet, which client got which
// message, and the model's state.

#include "protocol/packets.h"
#include "tests/fuzz/targets/net_session/model.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace fuzz::session {

class Client;
class World;

class Judge {
  public:
    explicit Judge(World& world) : world_(world) {}

    // Call before each action: checks that earlier output was not another device's, then forgets it.
    void begin();
    // Call before the CONNECT is handled.
    bool must_accept(const Client& client, const protocol::Connect& connect);
    void connected(Client& client, const protocol::Connect& connect, bool accepted, bool expected);
    void published(Client& client, const protocol::Publish& publish);
    void subscribed(Client& client, const protocol::Subscribe& subscribe);
    void unsubscribed(Client& client, const protocol::Unsubscribe& unsubscribe);
    void answered_nothing(const Client& client);
    // Connections that ended since: their sessions are stored.
    void note_endings();

    // A unique payload: every receiver must belong to the owner.
    std::string new_payload(const Owner& owner);
    // Each connection of the owner with a matching subscription, or each one if `topic` begins with a dollar sign, got
    // one copy, as far as there was room.
    void require_copies(const Owner& owner, std::string_view topic, std::string_view payload);
    void require_closed(const Owner& owner);

  private:
    void logged_in(Client& client, const protocol::Connect& connect);
    void reported(const Client& client, std::string_view alias, std::string_view payload);
    void provisioned(Client& client, const protocol::Publish& publish);
    void note_filters(Client& client);

    World& world_;
    std::map<std::string, Owner, std::less<>> payloads_;
};

}  // namespace fuzz::session
