#pragma once
// What a device asks over HTTPS: its credential [R64], and who it is [R65]; and what was refused of it [R60].

#include <string>

namespace device {

struct Activation {
    std::string connector, identity, password, ip, connection_id;
    std::string host = {};  // as HttpCredential's
};
struct Activated {
    int status = 200;
    std::string body;  // the token, or what was wrong
};

struct HttpCredential {
    std::string connector, token, user, password;  // token, or user and password, or neither
    std::string certificate_pem;                   // client certificate and its chain, or empty
    // The request's Host where it names a port, "name:port"; else empty. The device's content links lead there.
    std::string host = {};
};

// A request of a device port that was answered with an error. Texts are as they came: whoever shows them quotes them.
struct HttpRefusal {
    std::string connector, connection_id, ip;
    std::string method, path;  // empty: the request could not be read
    int status = 400;
    std::string cause;  // as the body of the answer says it, without the stop
};

}  // namespace device
