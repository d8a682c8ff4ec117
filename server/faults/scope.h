#pragma once
// Whom a fault strikes. Pure.

#include "server/murano/ip_rules.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace faults {

// The client at a chance. Empty: not known yet, or none.
struct Client {
    std::string_view connector = {};
    std::string_view identity = {};  // for an anonymous client: named in its first $provision topic
    std::string_view client_id = {};
    std::string_view ip = {};
    std::string_view connection = {};  // its id
    bool connected = false;            // its CONNECT was read
    bool anonymous = false;            // connected without an identity
    bool refused = false;              // its CONNECT is not accepted: `identity` is the claimed one

    bool known() const { return !refused; }
};

// Absent members match any client.
struct Scope {
    std::optional<std::string> connector, identity, client_id;
    std::optional<bool> anonymous;
    std::string ip;  // address or block; empty: any
    murano::IpRules addresses;

    // It can be checked only after the CONNECT.
    bool names_client() const { return identity || client_id || anonymous; }
    bool strikes(const Client& client) const;
    // Unknown properties of the client match anything.
    bool may_strike(const Client& client) const;
};

}  // namespace faults
