// /api:1/service/{connector}/device2/identity/{identity}/state: values, typed and with their exact text. [R40a]
#include "server/api/base/handlers.h"
#include "server/api/murano/identity_json.h"

namespace api {

namespace {

Outcome show(Services& services, const Request& request) {
    const auto state = services.state.state(request.param("connector"), request.param("identity"));
    if (!state) return not_found("no such identity");  // [D17]
    return json_response(state_json(*state));
}

Outcome set(Services& services, const Request& request) {
    JsonBody body(request.body, config::KeyMode::lenient);
    if (auto error = body.error()) return *error;
    return done(services.state.set_state(request.param("connector"), request.param("identity"),
                                         read_state_writes(*body.root())));
}

}  // namespace

void add_device2_state_routes(Routes& routes, Services& services) {
    const std::string path = "/api:1/service/{connector}/device2/identity/{identity}/state";
    Route get{"GET", path, Family::murano, "The values of a device, reported and set"};
    get.answers = {{200, "{alias: {reported, set, timestamp}}", "application/json"},
                   {404, "unknown identity", "application/json"}};
    get.handler = [&services](const Request& request) { return show(services, request); };
    routes.push_back(std::move(get));

    Route patch{"PATCH", path, Family::murano, "Sets values from the cloud side, all of them or none"};
    patch.body = BodyKind::json;
    patch.body_schema = R"({"type":"object","additionalProperties":true})";
    patch.body_limit = 64 * 1024 * 1024;  // several values of 1 MiB, escaped [R6]
    patch.answers = {{204, "done", ""},
                     {400, "Value is not settable, or a bad value", "text/plain"},
                     {404, "unknown identity", "application/json"}};
    patch.handler = [&services](const Request& request) { return set(services, request); };
    routes.push_back(std::move(patch));
}

}  // namespace api
