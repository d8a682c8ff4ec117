#pragma once
// What a fault does to a handshake, decided once the ClientHello has named the connector.

#include "certs/server_certificates.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace net {

enum class Stall : std::uint8_t { none, at_client_hello, at_server_hello };

struct HelloVerdict {
    std::optional<int> alert;  // ends the handshake
    Stall stall = Stall::none;
    std::shared_ptr<const certs::ServerChains> chains;  // used instead; null: the usual ones
    int min_version = 0, max_version = 0;               // as OpenSSL's numbers; 0: the policy's
    bool no_resumption = false;

    bool changes_nothing() const {
        return !alert && stall == Stall::none && !chains && min_version == 0 && max_version == 0 && !no_resumption;
    }
};

// Of one connection; called on the loop thread.
class HelloFaults {
  public:
    virtual ~HelloFaults() = default;
    virtual HelloVerdict on_client_hello(std::string_view connector) = 0;
};

}  // namespace net
