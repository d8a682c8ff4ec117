#pragma once
// A query about a connector that does not exist gets an error instead of an empty answer.

#include "server/control/connector_port.h"

#include <optional>
#include <string>
#include <string_view>

namespace api {

// 404 that suggests the nearest connector, at `path`. nullopt: none is named, it exists or did before a reset, or it is
// the default one, which is created on demand.
std::optional<device::ControlError> unknown_connector(device::ConnectorPort& connectors, std::string_view connector,
                                                      std::string path);

// As unknown_connector(), but also 404 for one that does not exist now.
std::optional<device::ControlError> absent_connector(device::ConnectorPort& connectors, std::string_view connector,
                                                     std::string path);

}  // namespace api
