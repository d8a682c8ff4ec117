#pragma once
// Who may use the control API.

#include "server/api/route.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace api {

// The token that a request carries: "Authorization: token T", "Bearer T", or Basic with T as the password (Murano's
// older tools log in so). nullopt: none of these.
std::optional<std::string> request_token(const net::HttpHead& head);

// "localhost", 127.0.0.0/8, ::1, each with or without a port; brackets around IPv6.
bool names_loopback(std::string_view authority);

// Compares in constant time, whatever the lengths.
bool same_secret(std::string_view left, std::string_view right);

struct AccessPolicy {
    std::string token;                                   // empty: no token is asked for
    std::function<bool(std::string_view)> issued_token;  // a token that /api:1/token/ gave out
};

// nullopt: may go on. Without a token on a loopback listener, Host and Origin must name loopback (DNS rebinding); the
// error is 403. Otherwise 401.
std::optional<device::ControlError> check_access(const AccessPolicy& policy, const net::HttpHead& head,
                                                 const net::HttpPeer& peer, Access access);

}  // namespace api
