#pragma once
// The server's own faults on one connection, and the devices' output before a fault changed it: the judge compares that
// with the model, whatever is on the wire.

#include "server/mqtt/packet_tap.h"

#include <memory>

namespace fuzz::session {

class Client;
class World;

class NotingTaps final : public mqtt::TapSource {
  public:
    NotingTaps(World& world, Client& client) : world_(world), client_(client) {}

    // Once struck, always noted, because late packets of a removed fault still leave.
    std::unique_ptr<mqtt::PacketTap> tap_for(const device::Link& link) override;

  private:
    World& world_;
    Client& client_;
};

}  // namespace fuzz::session
