#pragma once
// Where a host name leads, by the hosts file and DNS as programs of this machine see them.

#include <chrono>
#include <string>
#include <vector>

namespace cli {

struct LookUp {
    std::vector<std::string> addresses;  // "127.0.0.1", "::1"; each once
    std::string error;                   // why there are none; empty: there are
};

// At most `patience`: a name server that does not answer must not hold up a command.
LookUp look_up(const std::string& name, std::chrono::milliseconds patience = std::chrono::milliseconds(2000));

// Whether one of its addresses is `address` or, where that is a loopback address or any address, of this machine.
bool name_leads_to(const std::string& name, const std::string& address);

}  // namespace cli
