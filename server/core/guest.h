#pragma once
// A client without a socket that the server itself logs in as a device, to take over a device's connection. [R22] Loop
// thread only.

#include "server/core/peer.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace device {

// The fields of its CONNECT.
struct GuestLogin {
    PeerFacts facts;  // with a connection id of its own
    std::string client_id;
    bool clean_session = true;
    std::optional<std::string> username = std::nullopt;
    std::optional<std::string> password = std::nullopt;
};

// Sends DISCONNECT when destroyed, if still connected.
class Guest {
  public:
    Guest() = default;
    Guest(const Guest&) = delete;
    Guest& operator=(const Guest&) = delete;
    virtual ~Guest() = default;

    virtual bool connected() const = 0;
};

// Logs in at once; a refused guest is not connected.
using InviteGuest = std::function<std::unique_ptr<Guest>(const GuestLogin&)>;

}  // namespace device
