#pragma once
// Whom a fault strikes. Pure.

#include "server/murano/ip_rules.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace faults {

// Who stands at a chance. Empty: not known yet, or none.
struct Client {
    std::string_view connector = {};
    std::string_view identity = {};  // of an anonymous client: the one that it names in its first $provision topic
    std::string_view client_id = {};
    std::string_view ip = {};
    std::string_view connection = {};  // its id
    bool connected = false;            // its CONNECT was read
    bool anonymous = false;            // connected without an identity
    bool refused = false;              // its CONNECT is not accepted: `identity` is the one that it claims

    bool known() const { return !refused; }
};

// Every member that is absent means any.
struct Scope {
    std::optional<std::string> connector, identity, client_id;
    std::optional<bool> anonymous;
    std::string ip;  // address or block; empty: any
    murano::IpRules addresses;

    // It can be told only behind the CONNECT.
    bool names_client() const { return identity || client_id || anonymous; }
    bool strikes(const Client& client) const;
    // What is not known of the client yet may be anything.
    bool may_strike(const Client& client) const;
};

}  // namespace faults
