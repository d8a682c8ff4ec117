#pragma once
// Finds credentials that a device put into the wrong field, so that nothing shows them: Username, ClientID, the id of
// `$provision/<id>`, and every topic and filter of an anonymous client. [D20] What a device with its credential
// publishes is its own affair. Loop thread only.
//
// What looks like a token is told by its looks. Other text is looked up, a bounded number of times for a connection:
// a client that fills topics with levels must not keep others waiting.

#include "protocol/packets.h"
#include "server/core/device_table.h"
#include "server/core/link.h"

#include <string_view>

namespace device {

class HiddenText {
  public:
    explicit HiddenText(DeviceTable& table) : table_(table) {}

    // Each adds to link.hidden; call before anything of the packet is shown.
    void learn(Link& link, const protocol::Connect& connect);  // one that is refused, or traced
    void learn_own(Link& link);  // one that is accepted, link.device known: without a look-up
    void learn_topic(Link& link, std::string_view topic);
    // The same for a packet that nobody has decoded yet: for traces.
    void learn_packet(Link& link, std::string_view raw);

  private:
    bool is_credential(Link& link, Connector* connector, std::string_view text);
    bool is_key_of(Connector* connector, std::string_view identity, std::string_view text);

    DeviceTable& table_;
};

}  // namespace device
