#pragma once
// A query about a connector that does not exist gets an error instead of an empty answer.

#include "server/api/base/error.h"
#include "server/control/connector_port.h"

#include <optional>
#include <string>
#include <string_view>

namespace api {

// 404 with the nearest connector, at `path`. nullopt: the connector exists or did before a reset, it is the default
// one, which is made when it is needed, or none is named.
std::optional<Error> unknown_connector(device::ConnectorPort& connectors, std::string_view connector, std::string path);

// As unknown_connector(), and 404 as well for one that does not exist now.
std::optional<Error> absent_connector(device::ConnectorPort& connectors, std::string_view connector, std::string path);

}  // namespace api
