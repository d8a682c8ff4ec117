#pragma once
// Connections and sessions of devices.
// A part of ControlPort, which has the rules for threads and errors.

#include "storage/rows.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace device {

struct ConnectionView {
    std::string connection_id, connector, identity, client_id, ip, port_kind;  // port_kind: "mqtts", "mqtt"
    std::string sni, tls_version, tls_cipher;
    std::int64_t connected_us = 0;
    std::uint64_t bytes_in = 0, bytes_out = 0, packets_in = 0, packets_out = 0;
};

struct SessionView {
    std::string connector, identity;
    storage::SessionRow session;
};

class ConnectionPort {
  public:
    virtual ~ConnectionPort() = default;

    virtual std::vector<ConnectionView> connections() = 0;
    virtual bool close_connection(std::string_view connection_id) = 0;
    virtual std::vector<SessionView> sessions() = 0;
};

}  // namespace device
