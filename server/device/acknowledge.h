#pragma once
// The PUBACK that a QoS 1 PUBLISH is owed. Sent before the answers to it and after the commit of what it changed.

#include "protocol/encoder.h"
#include "server/device/commit_queue.h"
#include "server/device/link.h"

#include <cstdint>
#include <string>

namespace device {

class Acknowledge {
  public:
    // `packet_id` 0: nothing is owed (QoS 0, QoS 2 [R26], a Will).
    Acknowledge(CommitQueue& commits, Link& link, std::uint16_t packet_id)
        : commits_(commits), link_(link), packet_id_(packet_id) {}

    // Once, when it is clear that the message is not answered by closing. [R25, R25a]
    void send() const {
        if (packet_id_ == 0) return;
        commits_.touch();
        std::string packet;  // four bytes: no allocation
        protocol::encode_puback(packet, packet_id_);
        link_.peer.send(packet);
    }

  private:
    CommitQueue& commits_;
    Link& link_;
    std::uint16_t packet_id_;
};

}  // namespace device
