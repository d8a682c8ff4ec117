// /_emulator/v1/connectors/{connector}/identities/{identity}/…: what Murano itself would not tell or do.
#include "server/api/base/handlers.h"
#include "server/api/base/json_body.h"
#include "server/text/base64.h"

namespace api {

using config::JsonNode;

namespace {

Outcome secret(Services& services, const Request& request) {
    const auto view = services.identities.identity(request.param("connector"), request.param("identity"));
    if (!view) return not_found("no such identity");
    if (view->row.auth_type.empty()) return not_found("this identity has no credential yet");
    return json_response(
        JsonNode::object({{"type", JsonNode::of(view->row.auth_type)}, {"key", JsonNode::of(view->row.key)}}));
}

Outcome publish(Services& services, const Request& request) {
    JsonBody body(request.body, config::KeyMode::strict);
    const auto topic = body.text(body.object(), "topic");
    auto payload = body.text(body.object(), "payload");
    const auto encoding = body.text(body.object(), "encoding");
    if (auto error = body.error()) return *error;
    if (!topic) return bad_request("a message needs a topic", "$.topic");
    if (encoding && *encoding != "base64" && *encoding != "text") {
        return bad_request("may be \"text\" or \"base64\"", "$.encoding");
    }
    std::string bytes = payload.value_or("");
    if (encoding == "base64") {
        auto decoded = text::base64_decode(bytes);
        if (!decoded) return bad_request("is not base64", "$.payload");
        bytes = std::move(*decoded);
    }
    return done(services.state.publish(request.param("connector"), request.param("identity"), *topic, bytes));
}

}  // namespace

void add_identity_routes(Routes& routes, Services& services) {
    const std::string one = "/_emulator/v1/connectors/{connector}/identities/{identity}";
    Route get{"GET", one + "/secret", Family::emulator, "The credential that the device was given, for tests"};
    get.answers = {{200, "type and key", "application/json"}, {404, "unknown, or none yet", "application/json"}};
    get.handler = [&services](const Request& request) { return secret(services, request); };
    routes.push_back(std::move(get));

    Route post{"POST", one + "/publish", Family::emulator,
               "Sends a message from the cloud side to the device's subscriptions of an arbitrary topic"};
    post.body = BodyKind::json;
    post.body_schema =
        R"({"type":"object","required":["topic"],"properties":{"topic":{"type":"string"},"payload":{"type":"string"},"encoding":{"type":"string","enum":["text","base64"]}},"additionalProperties":false})";
    post.body_limit = 16 * 1024 * 1024;
    post.answers = {{204, "sent to subscribers", ""}, {404, "unknown identity", "application/json"}};
    post.handler = [&services](const Request& request) { return publish(services, request); };
    routes.push_back(std::move(post));
}

}  // namespace api
