// /api:1/business/…/solution/: connectors as Murano's tools see them, solutions of type "product".
#include "server/api/base/handlers.h"
#include "server/api/base/json_body.h"

namespace api {

using config::JsonNode;

namespace {

constexpr std::size_t id_length = 16;  // as public samples: 14 to 17 lower-case letters and digits

JsonNode solution(Services& services, const std::string& business, const std::string& connector) {
    const std::string name = services.connectors.connector_settings(connector).name;
    return JsonNode::object({{"bizid", JsonNode::of(business)},
                             {"type", JsonNode::of("product")},
                             {"sid", JsonNode::of(connector)},
                             {"apiId", JsonNode::of(connector)},
                             {"domain", JsonNode::of(connector + '.' + services.options.domain)},
                             {"name", JsonNode::of(name.empty() ? connector : name)}});
}

Outcome list(Services& services, const Request& request) {
    JsonNode all = JsonNode::array();
    for (const device::ConnectorInfo& info : services.connectors.connectors()) {
        all.items.push_back(solution(services, request.param("business"), info.connector));
    }
    return json_response(all);
}

Outcome create(Services& services, const Request& request) {
    JsonBody body(request.body, config::KeyMode::lenient);
    const auto label = body.text(body.object(), "label");
    const auto type = body.text(body.object(), "type");
    if (auto error = body.error()) return *error;
    if (type && *type != "product") return bad_request("only solutions of type \"product\" are emulated", "$.type");
    const std::string connector = services.random.text(id_length, "abcdefghijklmnopqrstuvwxyz0123456789");
    config::ConnectorSettings settings = services.options.connector_defaults;
    settings.name = label.value_or("");
    settings.resources.clear();  // Exosite's own tools expect to add them
    if (auto failure = services.connectors.put_connector_settings(connector, settings)) return std::move(*failure);
    return json_response(JsonNode::object({{"id", JsonNode::of(connector)}}));
}

}  // namespace

void add_solution_routes(Routes& routes, Services& services) {
    const std::string collection = "/api:1/business/{business}/solution/";
    Route get{"GET", collection, Family::murano, "The connectors, as solutions of type product"};
    get.answers = {{200, "array of solutions", "application/json"}};
    get.handler = [&services](const Request& request) { return list(services, request); };
    routes.push_back(std::move(get));

    Route post{"POST", collection, Family::murano, "Makes a connector with a new id"};
    post.body = BodyKind::json;
    post.body_schema =
        R"({"type":"object","properties":{"label":{"type":"string"},"type":{"type":"string","enum":["product"]}}})";
    post.answers = {{200, "its id", "application/json"}};
    post.handler = [&services](const Request& request) { return create(services, request); };
    routes.push_back(std::move(post));

    Route remove{"DELETE", collection + "{connector}", Family::murano, "Deletes a connector with all its devices"};
    remove.answers = {{204, "done", ""}, {404, "unknown", "application/json"}};
    remove.handler = [&services](const Request& request) {
        return delete_connector(services, request.param("connector"), Family::murano);
    };
    routes.push_back(std::move(remove));
}

}  // namespace api
