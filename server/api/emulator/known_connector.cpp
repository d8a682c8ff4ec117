#include "server/api/emulator/known_connector.h"

#include "config/nearest.h"
#include "server/journal/payload_match.h"

#include <utility>
#include <vector>

namespace api {

std::optional<Error> unknown_connector(device::ConnectorPort& connectors, std::string_view connector,
                                       std::string path) {
    if (connector.empty() || connector == connectors.default_connector()) return std::nullopt;
    if (connectors.connector_known(connector)) return std::nullopt;
    std::vector<std::string> names;
    for (auto& info : connectors.connectors()) names.push_back(std::move(info.connector));
    std::string message = "there is no connector " + journal::quoted(connector);
    if (const auto near = config::nearest(connector, names))
        message += "; did you mean " + journal::quoted(*near) + '?';
    return Error{404, "not_found", std::move(message), std::move(path)};
}

std::optional<Error> absent_connector(device::ConnectorPort& connectors, std::string_view connector, std::string path) {
    if (connectors.connector_exists(connector)) return std::nullopt;
    if (auto error = unknown_connector(connectors, connector, path)) return error;
    return Error{404, "not_found", "there is no connector " + journal::quoted(connector) + " now", std::move(path)};
}

}  // namespace api
