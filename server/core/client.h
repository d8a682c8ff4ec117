#pragma once
// Who speaks, apart from how. An MQTT connection has a client (Link); a request over HTTP makes one and drops it after
// the answer. Loop thread only.

#include "server/core/origin.h"
#include "server/journal/event.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace device {

struct Connector;
struct Device;

struct Client {
    const Origin& origin;            // outlives the client
    Connector* connector = nullptr;  // MQTT: from CONNECT on
    Device* device = nullptr;        // nullptr: anonymous
    // Text sent as Username, ClientID or the like that is, or looks like, a credential: log, findings and packet traces
    // do not show it. [D20]
    std::vector<std::string> hidden = {};
    journal::Protocol protocol;
    std::uint8_t secret_lookups = 0;  // look-ups spent on finding hidden text

    bool anonymous() const { return device == nullptr; }
};

// `text` without what the client hides. `keep_length`: an asterisk for each byte.
std::string without_hidden(const Client& client, std::string_view text, bool keep_length = false);

}  // namespace device
