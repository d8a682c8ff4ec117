#pragma once
// Connectors: which there are, and the settings of each.
// A part of ControlPort, which has the rules for threads and errors.

#include "config/connector_settings.h"
#include "server/core/control_error.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace device {

struct ConnectorInfo {
    std::string connector;
    std::uint64_t identities = 0;
    std::uint64_t connections = 0;
};

class ConnectorPort {
  public:
    virtual ~ConnectorPort() = default;

    virtual std::vector<ConnectorInfo> connectors() = 0;
    virtual bool connector_exists(std::string_view connector) = 0;
    // It exists, or did before a reset or its removal.
    virtual bool connector_known(std::string_view connector) = 0;
    virtual std::string default_connector() = 0;  // that of devices which name none
    // The settings in force, or the defaults of a connector that does not exist yet (never makes one).
    virtual config::ConnectorSettings connector_settings(std::string_view connector) = 0;
    // Replaces the settings, at once in force and kept; makes the connector where it is not there and may be made.
    virtual Failure put_connector_settings(std::string_view connector, const config::ConnectorSettings& settings) = 0;
    virtual Failure delete_connector(std::string_view connector) = 0;
};

}  // namespace device
