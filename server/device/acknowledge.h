#pragma once
// The PUBACK for a QoS 1 PUBLISH. It leaves before the answers to that PUBLISH and after its changes are committed.

#include "server/core/commit_queue.h"
#include "server/core/link.h"

#include <cstdint>
#include <string_view>

namespace device {

class Acknowledge {
  public:
    // `packet_id` 0: no PUBACK is due (QoS 0, QoS 2 [R26], a Will). `topic`: the topic of the PUBLISH.
    Acknowledge(CommitQueue& commits, Link& link, std::uint16_t packet_id, std::string_view topic)
        : commits_(commits), link_(link), packet_id_(packet_id), topic_(topic) {}

    // Called once, when it is clear that the message does not close the connection. [R25, R25a]
    void send() const {
        if (packet_id_ != 0) link_.peer.send(outgoing::Puback{packet_id_, topic_}, commits_.gate_of_turn());
    }

  private:
    CommitQueue& commits_;
    Link& link_;
    std::uint16_t packet_id_;
    std::string_view topic_;
};

}  // namespace device
