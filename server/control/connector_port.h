#pragma once
// Lists connectors, and reads and changes their settings.
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
    // It exists, or existed before a reset or its deletion.
    virtual bool connector_known(std::string_view connector) = 0;
    virtual std::string default_connector() = 0;  // of devices that name no connector
    // The settings in force; for a connector that does not exist, the defaults (never creates one).
    virtual config::ConnectorSettings connector_settings(std::string_view connector) = 0;
    // Replaces the settings, in force at once and stored; creates the connector if it is missing and may be created.
    virtual Failure put_connector_settings(std::string_view connector, const config::ConnectorSettings& settings) = 0;
    virtual Failure delete_connector(std::string_view connector) = 0;
};

}  // namespace device
