// /_emulator/v1/faults: what the server does wrong on purpose.
#include "server/api/base/handlers.h"
#include "server/api/base/json_body.h"
#include "server/control/fault_calls.h"
#include "server/faults/fault_json.h"

namespace api {

using config::JsonNode;
using device::FaultCalls;

namespace {

constexpr const char* all_faults = "/_emulator/v1/faults";
constexpr std::int64_t longest_making_ms = 30'000;  // of certificates
constexpr std::uint64_t largest_body = 8 * 1024 * 1024;

JsonNode stored(const faults::Armed& armed) {
    JsonNode node = faults::to_json(armed.fault);
    node.put("hits", number_node(static_cast<std::int64_t>(armed.hits)));
    node.put("chances", number_node(static_cast<std::int64_t>(armed.chances)));
    node.put("state", JsonNode::of(faults::to_string(armed.state)));
    return node;
}

JsonNode stored(const std::vector<faults::ArmedPtr>& armed, std::string_view connector = {}) {
    JsonNode list = JsonNode::array();
    for (const auto& one : armed) {
        if (connector.empty() || one->fault.scope.connector == connector) list.items.push_back(stored(*one));
    }
    return JsonNode::object({{"faults", std::move(list)}});
}

using Descriptions = std::variant<std::vector<faults::Fault>, Error>;

// One description, or with `list` the object {"faults":[…]}.
Descriptions read_body(const std::string& text, const std::string& name, bool list) {
    config::Problems problems;
    const config::ReadContext context{{}, text, config::KeyMode::strict, problems};
    const auto parsed = config::parse_json(text, config::JsonDialect::strict);
    for (const auto& fault : parsed.faults) {
        context.error(fault.offset, fault.path.empty() ? "$" : fault.path, fault.message);
    }
    std::vector<faults::Fault> described;
    const auto read = [&](const JsonNode& node, const std::string& path) {
        if (auto fault = faults::read_fault(node, path, context, {.connector = {}, .name = name})) {
            described.push_back(std::move(*fault));
        }
    };
    if (problems.ok() && parsed.root && !list) read(*parsed.root, "$");
    if (problems.ok() && parsed.root && list) {
        const auto* items = parsed.root->find("faults");
        if (items == nullptr || !items->is(JsonNode::Kind::array)) {
            context.error(parsed.root->offset, "$", "expected {\"faults\":[…]}");
        } else {
            for (std::size_t i = 0; i < items->items.size(); ++i)
                read(items->items[i], config::item_path("$.faults", i));
        }
    }
    if (!problems.ok()) return to_error(problems);
    return described;
}

Outcome answer_of(const FaultCalls::Put& put, FaultCalls::How how) {
    if (put.failure) return *put.failure;
    if (how == FaultCalls::How::replace_all) return json_response(stored(put.made));
    return json_response(stored(*put.made.front()), put.replaced ? 200 : 201);
}

// Of a server in a test.
Error no_faults() {
    return not_found("this server has no faults");
}

// The answer leaves when every open connection knows of the change.
Outcome when_in_force(Services& services, const std::function<std::optional<Outcome>()>& ready) {
    auto poll = [&faults = *services.faults, ready](bool last) -> net::Polled {
        auto outcome = faults.in_force() ? ready() : std::nullopt;
        if (!outcome && !last) return net::NotYet::waits;
        if (!outcome) return error_response(Family::emulator, {504, "timeout", "the server is still at it", {}});
        if (auto* error = std::get_if<Error>(&*outcome)) return error_response(Family::emulator, *error);
        return std::get<net::HttpResponse>(std::move(*outcome));
    };
    return net::LongPoll{std::move(poll), longest_making_ms};
}

Outcome put(Services& services, const Request& request, FaultCalls::How how) {
    const auto name = how == FaultCalls::How::put ? request.param("name") : std::string();
    if (name == "kinds") return bad_request("this path lists the kinds; give the fault another name", "name");
    if (how == FaultCalls::How::put && !faults::is_fault_name(name)) {
        return bad_request("a fault's name has 1 to 64 letters, digits, dots, underscores and hyphens", "name");
    }
    auto described = read_body(request.body, name, how == FaultCalls::How::replace_all);
    if (auto* error = std::get_if<Error>(&described)) return std::move(*error);
    if (services.faults == nullptr) return no_faults();
    const auto task = services.faults->put(std::move(std::get<std::vector<faults::Fault>>(described)), how);
    return when_in_force(services, [task, how]() -> std::optional<Outcome> {
        if (!task->done) return std::nullopt;
        return answer_of(*task, how);
    });
}

Outcome show(Services& services, const Request& request) {
    const auto armed = services.faults->registry().find(request.param("name"));
    if (!armed) return not_found("there is no such fault");
    return json_response(stored(*armed));
}

Outcome remove(Services& services, const Request& request) {
    if (!services.faults->registry().remove(request.param("name"))) return not_found("there is no such fault");
    return when_in_force(services, [] { return empty_response(); });
}

Outcome clear(Services& services, const Request& request) {
    services.faults->registry().clear(request.query("connector"), request.query("identity"));
    return when_in_force(services, [] { return empty_response(); });
}

const RouteAnswer bad{400, "which key, its value, and what is allowed", "application/json"};
const RouteAnswer unknown{404, "unknown", "application/json"};
const RouteAnswer taken{409, "the name is taken, or there are limits.max_faults already", "application/json"};

template <typename Handler>
void add(Routes& routes, Services& services, Route&& route, Handler handler) {
    route.handler = [&services, handler](const Request& request) -> Outcome {
        if (services.faults == nullptr) return no_faults();
        return handler(services, request);
    };
    routes.push_back(std::move(route));
}

void add_put(Routes& routes, Services& services, Route&& route, FaultCalls::How how) {
    route.handler = [&services, how](const Request& request) { return put(services, request, how); };
    routes.push_back(std::move(route));
}

void add_put_routes(Routes& routes, Services& services) {
    Route post{"POST", all_faults, Family::emulator, "Adds a fault, in force when this answers"};
    post.body = BodyKind::json;
    post.body_schema = faults::fault_schema();
    post.body_limit = largest_body;
    post.answers = {{201, "the fault as stored, with hits, chances and state", "application/json"}, bad, taken};
    add_put(routes, services, std::move(post), FaultCalls::How::add);

    Route one{"PUT", std::string(all_faults) + "/{name}", Family::emulator, "Creates a fault or replaces it"};
    one.body = BodyKind::json;
    one.body_schema = faults::fault_schema();
    one.body_limit = largest_body;
    one.answers = {
        {200, "replaced; counters from 0", "application/json"}, {201, "created", "application/json"}, bad, taken};
    add_put(routes, services, std::move(one), FaultCalls::How::put);

    Route whole{"PUT", all_faults, Family::emulator, "Replaces the whole list"};
    whole.body = BodyKind::json;
    whole.body_schema = R"({"type":"object","required":["faults"],"properties":{"faults":{"type":"array","items":)" +
                        faults::fault_schema() + "}}}";
    whole.body_limit = largest_body;
    whole.answers = {{200, "{faults: […]}", "application/json"}, bad, taken};
    add_put(routes, services, std::move(whole), FaultCalls::How::replace_all);
}

}  // namespace

void add_fault_routes(Routes& routes, Services& services) {
    Route list{"GET", all_faults, Family::emulator, "The faults in order of creation, spent ones too"};
    list.query = {{"connector", "string", "only those that name it"}};
    list.answers = {{200, "{faults: […]}", "application/json"}};
    add(routes, services, std::move(list), [](Services& all, const Request& request) -> Outcome {
        return json_response(stored(all.faults->registry().all(), request.query("connector")));
    });

    Route kinds{"GET", std::string(all_faults) + "/kinds", Family::emulator, "The kinds of faults and their keys"};
    kinds.answers = {{200, "{kinds: [{kind, layer, help, keys}]}", "application/json"}};
    add(routes, services, std::move(kinds), [](Services&, const Request&) -> Outcome {
        return json_response(JsonNode::object({{"kinds", faults::kinds_json()}}));
    });

    Route get{"GET", std::string(all_faults) + "/{name}", Family::emulator, "One fault"};
    get.answers = {{200, "the fault, with hits, chances and state", "application/json"}, unknown};
    add(routes, services, std::move(get), show);
    add_put_routes(routes, services);

    Route rm{"DELETE", std::string(all_faults) + "/{name}", Family::emulator,
             "Ends a fault: what it delayed leaves at once, what it silenced is reset"};
    rm.answers = {{204, "done", ""}, unknown};
    add(routes, services, std::move(rm), remove);

    Route rest{"DELETE", all_faults, Family::emulator,
               "Ends all faults, or those that name the connector and identity"};
    rest.query = {{"connector", "string", ""}, {"identity", "string", ""}};
    rest.answers = {{204, "done", ""}};
    add(routes, services, std::move(rest), clear);
}

}  // namespace api
