#pragma once
// Finds credentials that a device put into the wrong field, so that they are never shown: Username, ClientID, the id of
// `$provision/<id>`, and every topic and filter of an anonymous client. [D20] What a logged-in device publishes is its
// own affair. Loop thread only.
//
// Some text is recognised as a token by its form. Other text is looked up, a bounded number of times per connection, so
// that a client that sends topics with many levels does not keep others waiting.

#include "protocol/packets.h"
#include "server/core/device_table.h"
#include "server/core/link.h"

#include <string_view>

namespace device {

class HiddenText {
  public:
    explicit HiddenText(DeviceTable& table) : table_(table) {}

    // Each adds to link.hidden; call it before any part of the packet is shown.
    void learn(Link& link, const protocol::Connect& connect);  // a CONNECT that is refused, or traced
    void learn_own(Link& link);  // a CONNECT that is accepted, link.device set: no look-up
    void learn_topic(Link& link, std::string_view topic);
    // The same for a packet that is not decoded yet: for traces.
    void learn_packet(Link& link, std::string_view raw);

  private:
    bool is_credential(Link& link, Connector* connector, std::string_view text);
    bool is_key_of(Connector* connector, std::string_view identity, std::string_view text);

    DeviceTable& table_;
};

}  // namespace device
