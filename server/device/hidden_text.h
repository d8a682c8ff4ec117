#pragma once
// Finds credentials that a device put into the wrong field, so that they are never shown: Username, ClientID, the id of
// `$provision/<id>`, and every topic and filter of an anonymous client. [D20] What a logged-in device publishes is its
// own affair. Loop thread only.
//
// Some text is recognised as a token by its form. Other text is looked up, a bounded number of times per connection, so
// that a client that sends topics with many levels does not keep others waiting.

#include "protocol/packets.h"
#include "server/core/client.h"
#include "server/core/device_table.h"

#include <string_view>

namespace device {

class HiddenText {
  public:
    explicit HiddenText(DeviceTable& table) : table_(table) {}

    // Each adds to client.hidden; call before anything of the packet is shown.
    void learn(Client& client, const protocol::Connect& connect);  // one that is refused, or traced
    // One that is accepted, client.device known: without a look-up.
    void learn_own(Client& client, std::string_view client_id);
    void learn_topic(Client& client, std::string_view topic);
    // The same for a packet that nobody has decoded yet: for traces.
    void learn_packet(Client& client, std::string_view raw);

  private:
    bool is_credential(Client& client, Connector* connector, std::string_view text);
    bool is_key_of(Connector* connector, std::string_view identity, std::string_view text);

    DeviceTable& table_;
};

}  // namespace device
