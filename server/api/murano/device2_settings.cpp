// /api:1/service/{connector}/device2: settings and resources.
#include "config/connector_settings_json.h"
#include "server/api/base/handlers.h"
#include "server/api/base/json_body.h"

namespace api {

using config::JsonNode;

namespace {

Outcome change(Services& services, const Request& request) {
    const std::string& connector = request.param("connector");
    config::Problems problems;
    const config::ReadContext context{"", request.body, config::KeyMode::lenient, problems};
    config::ParsedJson parsed = config::parse_json(request.body, config::JsonDialect::strict);
    for (const config::JsonFault& fault : parsed.faults) context.error(fault.offset, fault.path, fault.message);
    if (!problems.ok()) return to_error(problems);
    // The emulator's own settings are changed under /_emulator only.
    parsed.root->erase("quirks");
    parsed.root->erase("journal");
    parsed.root->erase("content");
    const config::ConnectorSettings current = services.connectors.connector_settings(connector);
    const auto how = current.quirks.patch_resources == config::Quirks::PatchResources::merge
                         ? config::ResourcesPatch::merge
                         : config::ResourcesPatch::replace;  // [D10]
    const auto changed = config::merge_patch(current, *parsed.root, services.options.connector_defaults, how, context);
    if (!changed) return to_error(problems);
    return done(services.connectors.put_connector_settings(connector, *changed));
}

}  // namespace

Outcome device2_settings(Services& services, const std::string& connector) {
    JsonNode settings =
        config::to_json(services.connectors.connector_settings(connector), config::ConnectorShape::device2);
    // Exosite's own tool activates devices at https://<fqdn>/provision/activate. [R64]
    std::string fqdn = connector + '.' + services.options.domain;
    if (services.options.device_port != 443) fqdn += ':' + std::to_string(services.options.device_port);
    settings.put("fqdn", JsonNode::of(fqdn));
    return json_response(settings);
}

void add_device2_settings_routes(Routes& routes, Services& services) {
    const std::string path = "/api:1/service/{connector}/device2";
    Route get{"GET", path, Family::murano, "The connector's settings, resources included"};
    get.answers = {{200, "settings", "application/json"}};
    get.handler = [&services](const Request& request) {
        return device2_settings(services, request.param("connector"));
    };
    routes.push_back(std::move(get));

    Route patch{"PATCH", path, Family::murano, "Changes settings; absent ones stay unchanged"};
    patch.body = BodyKind::json;
    patch.body_schema = R"({"type":"object"})";
    patch.answers = {{204, "done", ""}, {400, "a bad setting", "application/json"}};
    patch.handler = [&services](const Request& request) { return change(services, request); };
    routes.push_back(std::move(patch));
}

}  // namespace api
