#pragma once
// Requests of a device over HTTPS: for its credential [R64], with it [R65], and refused ones [R60].

#include "server/murano/provisioning.h"

#include <optional>
#include <string>

namespace device {

struct Activation {
    std::string connector, identity, password, ip, connection_id;
    std::string host = {};  // as in HttpCredential
};
struct Activated {
    std::optional<murano::NoProvisioning> refused = std::nullopt;
    std::string text = {};  // the token, empty for a password that is taken; or what was wrong
};

struct HttpCredential {
    std::string connector, token, user, password;  // token, or user and password, or neither
    std::string certificate_pem;                   // client certificate and its chain, or empty
    // The request's Host if it names a port, "name:port"; else empty. The device's content links use it.
    std::string host = {};
};

// A request to a device port that was answered with an error. Texts are as received: quote them before showing.
struct HttpRefusal {
    std::string connector, connection_id, ip;
    std::string method, path;  // empty: the request could not be read
    int status = 0;            // of that answer
    std::string cause;         // as the body of the answer says it, without the stop
};

}  // namespace device
