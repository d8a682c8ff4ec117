#pragma once
// What is wrong between a device and the emulator, one line for each check, with what to do.

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
    ClientOptions options;    // which server
    std::string device_host;  // the name that the firmware connects to
    std::string device_port = "8883";
    std::string ca_pem = {};                   // what the device trusts; empty: the server's authority
    std::string token = {};                    // empty: no login
    std::string server_address = "127.0.0.1";  // where the server is, for a name that leads nowhere
};

// The checks in their order; those that need an earlier one to be good are left out where it is not.
std::vector<Diagnosis> examine(Patient patient);

// `now_s`: seconds since 1970. Certificates that were made by a right clock are not yet valid for one that is behind.
Diagnosis clock_diagnosis(std::int64_t now_s);

}  // namespace cli
