#pragma once
// The PUBACK that a QoS 1 PUBLISH is owed. Sent before the answers to it and after the commit of what it changed.

#include "server/core/commit_queue.h"
#include "server/core/link.h"

#include <cstdint>
#include <string_view>

namespace device {

class Acknowledge {
  public:
    // `packet_id` 0: nothing is owed (QoS 0, QoS 2 [R26], a Will). `topic`: of the PUBLISH.
    Acknowledge(CommitQueue& commits, Link& link, std::uint16_t packet_id, std::string_view topic)
        : commits_(commits), link_(link), packet_id_(packet_id), topic_(topic) {}

    // Once, when it is clear that the message is not answered by closing. [R25, R25a]
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
