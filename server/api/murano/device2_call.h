#pragma once
// The operations of /api:1/solution/{connector}/serviceconfig/device2/call/{operation}: Murano's Lua calls over HTTP.

#include "server/api/base/json_body.h"
#include "server/api/base/request.h"
#include "server/api/base/services.h"

#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace api {

struct Call {
    Services& services;
    const std::string& connector;
    JsonBody& body;         // the argument object
    std::string_view text;  // its source
};

struct Operation {
    std::string_view name;
    Outcome (*run)(const Call&);
};

std::span<const Operation> identity_operations();
std::span<const Operation> tag_operations();
std::span<const Operation> settings_operations();

// Runs `then` with the argument of that name; refuses if it is missing or empty, or something else is wrong.
Outcome with_argument(const Call& call, std::string_view name, const std::function<Outcome(const std::string&)>& then);

}  // namespace api
