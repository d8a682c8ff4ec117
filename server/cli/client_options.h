#pragma once
// Which server a command talks to: --url, else MURANO_EMULATOR_URL, else the ready file, else the default address.

#include "config/read_environment.h"

#include <span>
#include <string>
#include <vector>

namespace cli {

struct ClientOptions {
    std::string url = "http://127.0.0.1:8080";
    std::string api_token;
    bool json = false;
    bool help = false;
    std::vector<std::string> rest;  // what is no option
    std::string error;              // empty: understood
};

ClientOptions read_client_options(std::span<const std::string> arguments, const config::Environment& environment);

std::string client_options_help();

}  // namespace cli
