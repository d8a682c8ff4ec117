#pragma once
// Requests of a device over HTTPS: for its credential [R64], with it [R65], and refused ones [R60].

#include <string>

namespace device {

struct Activation {
    std::string connector, identity, password, ip, connection_id;
    std::string host = {};  // as in HttpCredential
};
struct Activated {
    int status = 200;
    std::string body;  // the token, or the error
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
    int status = 400;
    std::string cause;  // the error text of the answer's body, without the full stop
};

}  // namespace device
