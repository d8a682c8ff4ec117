// /_emulator/v1/connectors: what exists, and one connector's settings with the emulator's own.
#include "config/connector_settings_json.h"
#include "server/api/base/handlers.h"
#include "server/api/base/json_body.h"
#include "server/api/emulator/known_connector.h"

namespace api {

using config::JsonNode;

namespace {

Outcome list(Services& services) {
    JsonNode all = JsonNode::array();
    for (const device::ConnectorInfo& info : services.connectors.connectors()) {
        all.items.push_back(
            JsonNode::object({{"connector", JsonNode::of(info.connector)},
                              {"identities", number_node(static_cast<std::int64_t>(info.identities))},
                              {"connections", number_node(static_cast<std::int64_t>(info.connections))}}));
    }
    JsonNode answer = JsonNode::object({{"default", JsonNode::of(services.connectors.default_connector())}});
    answer.put("connectors", std::move(all));
    return json_response(answer);
}

net::HttpResponse settings_response(const config::ConnectorSettings& settings) {
    return json_response(config::to_json(settings, config::ConnectorShape::full));
}

Outcome show(Services& services, const Request& request) {
    const std::string& connector = request.param("connector");
    if (auto error = absent_connector(services.connectors, connector, {})) return std::move(*error);
    return settings_response(services.connectors.connector_settings(connector));
}

Outcome change(Services& services, const Request& request) {
    const std::string& connector = request.param("connector");
    config::Problems problems;
    // RFC 7396, and so resources are merged one by one; null removes one.
    const auto changed = config::merge_patch(services.connectors.connector_settings(connector), request.body,
                                             services.options.connector_defaults, config::KeyMode::strict,
                                             config::ResourcesPatch::merge, problems);
    if (!changed) return to_error(problems);
    if (auto failure = services.connectors.put_connector_settings(connector, *changed)) return std::move(*failure);
    return settings_response(*changed);
}

}  // namespace

void add_connector_routes(Routes& routes, Services& services) {
    Route get_all{"GET", "/_emulator/v1/connectors", Family::emulator, "The connectors that exist, with counts"};
    get_all.answers = {{200, "{default, connectors: [{connector, identities, connections}]}", "application/json"}};
    get_all.handler = [&services](const Request&) { return list(services); };
    routes.push_back(std::move(get_all));

    const std::string one = "/_emulator/v1/connectors/{connector}";
    Route get{"GET", one, Family::emulator, "A connector's settings, in the shape of the settings file"};
    get.answers = {{200, "settings", "application/json"},
                   {404, "there is no such connector; the nearest one is named", "application/json"}};
    get.handler = [&services](const Request& request) { return show(services, request); };
    routes.push_back(std::move(get));

    Route patch{"PATCH", one, Family::emulator, "Changes settings by JSON Merge Patch (RFC 7396), in force at once"};
    patch.body = BodyKind::json;
    patch.body_schema = R"({"type":"object"})";
    patch.answers = {{200, "the settings now", "application/json"}, {400, "a bad setting", "application/json"}};
    patch.handler = [&services](const Request& request) { return change(services, request); };
    routes.push_back(std::move(patch));

    Route remove{"DELETE", one, Family::emulator, "Deletes a connector with all that is in it"};
    remove.answers = {{204, "done", ""}, {404, "unknown", "application/json"}};
    remove.handler = [&services](const Request& request) {
        return delete_connector(services, request.param("connector"), Family::emulator);
    };
    routes.push_back(std::move(remove));
}

}  // namespace api
