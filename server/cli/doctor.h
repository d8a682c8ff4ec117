#pragma once
// Finds out why a device does not reach the emulator: one line per check, with advice.

#include "server/cli/api_client.h"

#include <cstdint>
#include <string>
#include <vector>

namespace cli {

enum class Health : unsigned char { good, note, wrong };

struct Diagnosis {
    Health health = Health::good;
    std::string check;    // "name"
    std::string message;  // what was found
    std::string remedy = {};
};

struct Patient {
    ClientOptions options;    // the server
    std::string device_host;  // the name that the firmware connects to
    std::string device_port = "8883";
    std::string ca_pem = {};                   // trusted by the device; empty: the server's authority
    std::string token = {};                    // empty: no login
    std::string server_address = "127.0.0.1";  // the server's address, for a name that does not resolve
};

// The checks in order; a check is skipped if one it depends on fails.
std::vector<Diagnosis> examine(Patient patient);

// `now_s`: seconds since 1970. A clock that is behind makes new certificates not yet valid.
Diagnosis clock_diagnosis(std::int64_t now_s);

}  // namespace cli
