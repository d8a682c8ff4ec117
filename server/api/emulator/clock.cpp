// /_emulator/v1/clock: time, for all connectors or for one.
#include "config/epoch_time.h"
#include "server/api/base/handlers.h"
#include "server/api/base/json_body.h"
#include "server/api/emulator/known_connector.h"
#include "server/runtime/duration.h"

namespace api {

using config::JsonNode;

namespace {

net::HttpResponse clock_response(Services& services, const std::string& connector) {
    const device::ClockView view = services.clock.clock(connector);
    return json_response(JsonNode::object({{"now_us", number_node(view.now_us)},
                                           {"offset_us", number_node(view.offset_us)},
                                           {"frozen", JsonNode::of(view.frozen)}}));
}

// Empty: all connectors. One that does not exist has no clock to show or change.
std::variant<std::string, Error> chosen(Services& services, const Request& request) {
    std::string connector = request.query("connector");
    if (connector.empty()) return connector;
    if (auto error = absent_connector(services.connectors, connector, "?connector")) return std::move(*error);
    return connector;
}

using Action = std::optional<Error> (*)(Services&, const Request&, const std::string&);

Outcome with_clock(Services& services, const Request& request, Action action) {
    const auto connector = chosen(services, request);
    if (const auto* error = std::get_if<Error>(&connector)) return *error;
    const std::string& name = std::get<std::string>(connector);
    if (action != nullptr) {
        if (auto error = action(services, request, name)) return std::move(*error);
    }
    return clock_response(services, name);
}

std::optional<Error> set(Services& services, const Request& request, const std::string& connector) {
    JsonBody body(request.body, config::KeyMode::strict);
    device::ClockChange change;
    change.now_us = body.integer(body.object(), "now_us");
    change.offset_us = body.integer(body.object(), "offset_us");
    change.frozen = body.boolean(body.object(), "frozen");
    if (auto error = body.error()) return error;
    if (change.now_us && change.offset_us) return bad_request("either now_us or offset_us, not both", "$.offset_us");
    if (!change.now_us && !change.offset_us && !change.frozen) {
        return bad_request("one of now_us, offset_us and frozen is needed", "$");
    }
    if (change.now_us) {
        if (const auto mistake = config::epoch_mistake(*change.now_us); !mistake.empty()) {
            return bad_request(std::to_string(*change.now_us) + " " + mistake, "$.now_us");
        }
    }
    return services.clock.change_clock(connector, change);
}

std::optional<Error> advance(Services& services, const Request& request, const std::string& connector) {
    JsonBody body(request.body, config::KeyMode::strict);
    const auto by = body.text(body.object(), "by");
    if (auto error = body.error()) return error;
    if (!by) return bad_request("by how much, such as \"25h\" or \"-90s\"", "$.by");
    const auto duration = runtime::parse_duration(*by);
    if (const auto* error = std::get_if<runtime::DurationError>(&duration)) {
        return bad_request(error->message, "$.by");
    }
    return services.clock.advance_clock(connector, std::get<std::int64_t>(duration));
}

std::optional<Error> reset(Services& services, const Request&, const std::string& connector) {
    services.clock.reset_clock(connector);
    return std::nullopt;
}

Route clock_route(Services& services, std::string method, std::string pattern, std::string summary, Action action) {
    Route route{std::move(method), std::move(pattern), Family::emulator, std::move(summary)};
    route.query = {{"connector", "string", "this connector's clock only"}};
    route.answers = {
        {200, "{now_us, offset_us, frozen}", "application/json", R"({"$ref":"#/components/schemas/Clock"})"},
        {404, "there is no such connector; the nearest one is named", "application/json"}};
    route.handler = [&services, action](const Request& request) { return with_clock(services, request, action); };
    return route;
}

}  // namespace

void add_clock_routes(Routes& routes, Services& services) {
    const std::string path = "/_emulator/v1/clock";
    routes.push_back(clock_route(services, "GET", path, "The emulator's clock", nullptr));
    Route put = clock_route(services, "PUT", path, "Sets the clock, freezes it or lets it run", set);
    put.body = BodyKind::json;
    put.body_schema =
        R"({"type":"object","properties":{"now_us":{"type":"integer"},"offset_us":{"type":"integer"},"frozen":{"type":"boolean"}},"additionalProperties":false})";
    routes.push_back(std::move(put));
    Route post = clock_route(services, "POST", path + "/advance",
                             "Moves the clock; everything due by then has happened", advance);
    post.body = BodyKind::json;
    post.body_schema =
        R"({"type":"object","required":["by"],"properties":{"by":{"type":"string","description":"25h, 90s, -1h"}},"additionalProperties":false})";
    routes.push_back(std::move(post));
    routes.push_back(clock_route(services, "DELETE", path, "Real time again", reset));
}

}  // namespace api
