#pragma once
// A client that the server itself lets in as a device, without a socket: the peer that takes a device's connection
// over. [R22] Loop thread only.

#include "server/core/peer.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace device {

// As its CONNECT tells it.
struct GuestLogin {
    PeerFacts facts;  // the id of the connection is another one
    std::string client_id;
    bool clean_session = true;
    std::optional<std::string> username = std::nullopt;
    std::optional<std::string> password = std::nullopt;
};

// Leaves with DISCONNECT when it goes, where it is connected still.
class Guest {
  public:
    Guest() = default;
    Guest(const Guest&) = delete;
    Guest& operator=(const Guest&) = delete;
    virtual ~Guest() = default;

    virtual bool connected() const = 0;
};

// Logs in at once; a guest that was refused is not connected.
using InviteGuest = std::function<std::unique_ptr<Guest>(const GuestLogin&)>;

}  // namespace device
