#pragma once
// The server's own faults on one connection, and what the devices meant to send before a fault had its way: the judge
// holds that against the model, whatever the wire then sees.

#include "server/mqtt/packet_tap.h"

#include <memory>

namespace fuzz::session {

class Client;
class World;

class NotingTaps final : public mqtt::TapSource {
  public:
    NotingTaps(World& world, Client& client) : world_(world), client_(client) {}

    // Once struck, always noted: late packets of a fault that is gone leave yet.
    std::unique_ptr<mqtt::PacketTap> tap_for(const device::Link& link) override;

  private:
    World& world_;
    Client& client_;
};

}  // namespace fuzz::session
