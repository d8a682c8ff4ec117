// Operations on the connector's settings and its resources one by one. [murano-facts 3.2]
#include "config/connector_settings_json.h"
#include "config/resource_json.h"
#include "server/api/base/handlers.h"
#include "server/api/murano/device2_call.h"

#include <array>

namespace api {

using config::JsonNode;

namespace {

Outcome settings(const Call& call) {
    return device2_settings(call.services, call.connector);
}

Error no_resource(const std::string& alias) {
    return not_found("this connector has no resource \"" + alias + "\"");
}

bool is_there(const Call& call, const std::string& alias) {
    return call.services.connectors.connector_settings(call.connector).resources.contains(alias);
}

Outcome show(const Call& call) {
    return with_argument(call, "alias", [&](const std::string& alias) -> Outcome {
        const auto current = call.services.connectors.connector_settings(call.connector);
        const auto found = current.resources.find(alias);
        if (found == current.resources.end()) return no_resource(alias);
        return json_response(config::to_json(found->second));
    });
}

// Null as the definition removes the resource.
Outcome put(const Call& call, const std::string& alias, JsonNode definition) {
    JsonNode resources = JsonNode::object();
    resources.put(alias, std::move(definition));
    const JsonNode patch = JsonNode::object({{"resources", std::move(resources)}});
    config::Problems problems;
    const config::ReadContext context{"", call.text, config::KeyMode::lenient, problems};
    const auto changed =
        config::merge_patch(call.services.connectors.connector_settings(call.connector), patch,
                            call.services.options.connector_defaults, config::ResourcesPatch::merge, context);
    if (!changed) return to_error(problems);
    return done(call.services.connectors.put_connector_settings(call.connector, *changed));
}

// {alias, settings: {format, …}}, or the definition flat beside the alias.
JsonNode definition_of(const Call& call) {
    if (const JsonNode* inner = call.body.object().find("settings")) return *inner;
    JsonNode definition = *call.body.root();
    definition.erase("alias");
    return definition;
}

Outcome add(const Call& call) {
    return with_argument(call, "alias", [&](const std::string& alias) -> Outcome {
        if (is_there(call, alias)) {
            return Error{409, "conflict", "this resource is there already", "$.alias"};
        }
        return put(call, alias, definition_of(call));
    });
}

Outcome update(const Call& call) {
    return with_argument(call, "alias", [&](const std::string& alias) -> Outcome {
        if (!is_there(call, alias)) return no_resource(alias);
        return put(call, alias, definition_of(call));
    });
}

Outcome remove(const Call& call) {
    return with_argument(call, "alias", [&](const std::string& alias) -> Outcome {
        if (!is_there(call, alias)) return no_resource(alias);
        return put(call, alias, JsonNode());
    });
}

constexpr std::array all{
    Operation{"getGatewaySettings", settings},  Operation{"getGatewayResource", show},
    Operation{"addGatewayResource", add},       Operation{"updateGatewayResource", update},
    Operation{"removeGatewayResource", remove},
};

}  // namespace

std::span<const Operation> settings_operations() {
    return all;
}

}  // namespace api
