#pragma once
// Decides which requests may use the control API.

#include "server/api/base/route.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace api {

// The token of a request: "Authorization: token T", "Bearer T", or Basic with T as the password (as Murano's older
// tools log in). nullopt: none of these.
std::optional<std::string> request_token(const net::HttpHead& head);

// "localhost", 127.0.0.0/8, ::1, each with or without a port; brackets around IPv6.
bool names_loopback(std::string_view authority);

// Compares in constant time, for any lengths.
bool same_secret(std::string_view left, std::string_view right);

struct AccessPolicy {
    std::string token;                                   // empty: no token is required
    std::function<bool(std::string_view)> issued_token;  // whether /api:1/token/ issued the token
    bool page_header = false;  // a changing request from a browser must carry "X-Murano-Page: 1"
};

// nullopt: may go on. With a token, who does not send it gets 401: no foreign page can. Without one, a browser's
// request must come from our own origin or from its user, and on a loopback listener Host must name loopback (DNS
// rebinding); the error is 403. With `page_header`, token or not, a request with Origin or Sec-Fetch-Site that is
// neither GET nor HEAD needs that header: a foreign page cannot set it.
std::optional<Error> check_access(const AccessPolicy& policy, const net::HttpHead& head, const net::HttpPeer& peer,
                                  Access access);

}  // namespace api
