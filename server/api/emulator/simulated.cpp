// /_emulator/v1/devices/simulated: somebody to look at, inside the server.
#include "config/address.h"
#include "server/api/base/handlers.h"
#include "server/api/base/json_body.h"
#include "server/api/base/simulated_devices.h"
#include "server/simulator/read_generator.h"
#include "server/simulator/report.h"

namespace api {

using config::JsonNode;

namespace {

constexpr const char* path = "/_emulator/v1/devices/simulated";
constexpr std::size_t longest_identity = 200;  // and a number behind it [R49]
constexpr double most_rate = 10;               // reports a second of each device

JsonNode count_of(std::uint64_t value) {
    return number_node(static_cast<std::int64_t>(value));
}

JsonNode to_json(const SimulatedView& view) {
    return JsonNode::object({{"connector", JsonNode::of(std::string_view(view.connector))},
                             {"identity", JsonNode::of(std::string_view(view.identity))},
                             {"profile", JsonNode::of(std::string_view(view.profile))},
                             {"misbehave", JsonNode::of(std::string_view(view.misbehaviour))},
                             {"logged_in", JsonNode::of(view.logged_in)},
                             {"reports", count_of(view.reports)},
                             {"settings", count_of(view.settings)},
                             {"failures", count_of(view.failures)},
                             {"last_failure", JsonNode::of(std::string_view(view.last_failure))}});
}

JsonNode to_json(const std::vector<SimulatedView>& views) {
    JsonNode devices = JsonNode::array();
    for (const auto& view : views) devices.items.push_back(to_json(view));
    JsonNode answer = JsonNode::object({{"most", count_of(SimulatedDevices::most)}});
    answer.put("devices", std::move(devices));
    return answer;
}

// A name, or the whole of one.
void read_profile(JsonBody& json, SimulatedOrder& order) {
    auto& object = json.object();
    const JsonNode* node = object.find("profile");
    order.profile = simulator::built_in_profile(simulator::usual_profile(order.misbehaviours));
    if (node == nullptr) return;
    if (node->is(JsonNode::Kind::object)) {
        auto profile = simulator::read_profile(*node, object.path_of("profile"), object.context());
        profile.name = "own";
        order.profile = std::make_shared<const simulator::Profile>(std::move(profile));
        return;
    }
    const auto names = simulator::built_in_profiles();
    if (const auto* name = object.chosen("profile", *node, names)) order.profile = simulator::built_in_profile(*name);
}

void read_rate(JsonBody& json, SimulatedOrder& order) {
    double rate = 0;
    simulator::read_number(json.object(), "rate", {0.0001, most_rate}, rate);
    if (rate > 0) order.profile = simulator::with_rate(*order.profile, rate);
}

void read_misbehaviours(JsonBody& json, SimulatedOrder& order) {
    const auto text = json.text(json.object(), "misbehave");
    if (!text) return;
    std::string error;
    order.misbehaviours = simulator::read_misbehaviours(*text, error);
    if (!error.empty()) json.refuse(json.object().find("misbehave"), "$.misbehave", error);
}

// Of a server in a test.
Error none_here() {
    return not_found("this server simulates no devices");
}

Outcome start(Services& services, const Request& request) {
    JsonBody json(request.body, config::KeyMode::strict, true);
    SimulatedOrder order;
    order.connector = json.text(json.object(), "connector").value_or(services.connectors.default_connector());
    if (!config::is_connector_id(order.connector))
        json.refuse(json.object().find("connector"), "$.connector", "expected a connector id: [a-z0-9-]{1,63}");
    order.identity = json.text(json.object(), "identity").value_or("");
    if (order.identity.size() > longest_identity)
        json.refuse(json.object().find("identity"), "$.identity", "expected at most 200 bytes");
    const auto count = json.integer(json.object(), "count").value_or(1);
    if (count < 1 || count > static_cast<std::int64_t>(SimulatedDevices::most))
        json.refuse(json.object().find("count"), "$.count",
                    "expected a number from 1 to " + std::to_string(SimulatedDevices::most));
    order.count = static_cast<std::size_t>(count);
    read_misbehaviours(json, order);
    read_profile(json, order);
    read_rate(json, order);
    if (const auto why = simulator::misfit(*order.profile, order.misbehaviours); !why.empty())
        json.refuse(json.object().find("misbehave"), "$.misbehave", why);
    if (auto error = json.error()) return *std::move(error);
    if (services.simulated == nullptr) return none_here();
    auto started = services.simulated->start(order);
    if (auto* error = std::get_if<device::ControlError>(&started)) return std::move(*error);
    return json_response(to_json(std::get<std::vector<SimulatedView>>(started)), 201);
}

Outcome list(Services& services, const Request&) {
    return json_response(to_json(services.simulated->list()));
}

Outcome stop(Services& services, const Request& request) {
    const auto connector = request.query("connector");
    const auto identity = request.query("identity");
    if (connector.empty() && !identity.empty()) return bad_request("an identity needs its connector", "?connector");
    if (services.simulated->stop(connector, identity) == 0 && !identity.empty())
        return not_found("there is no such simulated device");
    return empty_response();
}

using Handler = Outcome (*)(Services&, const Request&);

void add(Routes& routes, Services& services, Route&& route, Handler handler) {
    route.handler = [&services, handler](const Request& request) -> Outcome {
        if (services.simulated == nullptr) return none_here();
        return handler(services, request);
    };
    routes.push_back(std::move(route));
}

std::string body_schema() {
    std::string kinds;
    for (const auto& row : simulator::misbehaviours()) kinds.append(kinds.empty() ? "" : ", ").append(row.name);
    return R"({"type":"object","properties":{"connector":{"type":"string","description":"default: the server's default )"
           R"(one"},"identity":{"type":"string","description":"of the device, or the beginning of several; default: the )"
           R"(server finds names"},"count":{"type":"integer","minimum":1,"maximum":100,"default":1},"profile":)"
           R"({"description":"tutorial (the default), thermostat, or a profile as an object","oneOf":[{"type":"string",)"
           R"("enum":["tutorial","thermostat"]},{"type":"object"}]},"rate":{"type":"number","maximum":10,)"
           R"("description":"reports a second of each device"},"misbehave":{"type":"string","description":)"
           R"("what they do wrong, with commas between several, or all: )" +
           kinds + R"("}},"additionalProperties":false})";
}

}  // namespace

void add_simulated_routes(Routes& routes, Services& services) {
    const RouteAnswer bad{400, "which key, its value, and what is allowed", "application/json"};
    const std::string devices =
        "{most, devices: [{connector, identity, profile, misbehave, logged_in, reports, "
        "settings, failures, last_failure}]}";

    Route post{"POST", path, Family::emulator, "Starts simulated devices inside the server"};
    post.body = BodyKind::optional_json;
    post.body_schema = body_schema();
    post.answers = {{201, devices + ", those that were started", "application/json"},
                    bad,
                    {409, "there would be more than 100, it is simulated already, or there is no TLS port for devices",
                     "application/json"}};
    post.handler = [&services](const Request& request) { return start(services, request); };
    routes.push_back(std::move(post));

    Route get{"GET", path, Family::emulator, "The simulated devices inside the server, and how they do"};
    get.answers = {{200, devices, "application/json"}};
    add(routes, services, std::move(get), list);

    Route rm{"DELETE", path, Family::emulator, "Stops simulated devices; their identities stay"};
    rm.query = {{"connector", "string", "only those of this one"}, {"identity", "string", "only this device of it"}};
    rm.answers = {{204, "done", ""}, bad, {404, "there is no such simulated device", "application/json"}};
    add(routes, services, std::move(rm), stop);
}

}  // namespace api
