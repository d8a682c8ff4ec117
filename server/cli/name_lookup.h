#pragma once
// Resolves a host name by the hosts file and DNS, as programs on this machine do.

#include <chrono>
#include <string>
#include <vector>

namespace cli {

struct LookUp {
    std::vector<std::string> addresses;  // "127.0.0.1", "::1"; without duplicates
    std::string error;                   // why there are none; empty: there are some
};

// Takes at most `patience`: a silent name server must not delay a command.
LookUp look_up(const std::string& name, std::chrono::milliseconds patience = std::chrono::milliseconds(2000));

// Whether one of its addresses is `address`; or, if that is a loopback or wildcard address, this machine's.
bool name_leads_to(const std::string& name, const std::string& address);

}  // namespace cli
