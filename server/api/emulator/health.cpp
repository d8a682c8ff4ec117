// GET /health, /healthz, /ca.crt, /metrics
#include "server/api/base/answers.h"
#include "server/api/base/handlers.h"
#include "server/control/fault_calls.h"

namespace api {

using config::JsonNode;

namespace {

Outcome health(Services& services) {
    if (const auto failure = services.process.storage_failure()) {
        return error_response(Family::emulator,
                              {503,
                               "storage_failing",
                               "the last commit failed (" + *failure +
                                   "); until one succeeds, devices are disconnected and calls that change something "
                                   "are refused. The log names the data folder and its free space",
                               {}});
    }
    const bool ready = services.process.ready();
    auto answer = JsonNode::object({{"status", JsonNode::of(ready ? "ready" : "starting")}});
    // So that nobody wonders why devices behave so.
    const auto faults = services.faults == nullptr ? 0 : services.faults->registry().size();
    answer.put("faults", number_node(static_cast<std::int64_t>(faults)));
    return json_response(answer, ready ? 200 : 503);
}

Outcome metrics(Services& services) {
    return text_response(services.process.metrics_text(), 200, "text/plain; version=0.0.4; charset=utf-8");
}

Route health_route(Services& services, std::string pattern) {
    Route route{"GET", std::move(pattern), Family::emulator, "Whether the server is ready"};
    route.answers = {{200, "ready", "application/json"},
                     {503, "not yet; or storage_failing: the last commit failed", "application/json"}};
    route.access = Access::open;
    route.handler = [&services](const Request&) { return health(services); };
    return route;
}

Route metrics_route(Services& services, std::string pattern) {
    Route route{"GET", std::move(pattern), Family::emulator, "Counters in Prometheus' text format"};
    route.answers = {{200, "the metrics", "text/plain"}};
    route.handler = [&services](const Request&) { return metrics(services); };
    return route;
}

}  // namespace

void add_health_routes(Routes& routes, Services& services) {
    routes.push_back(health_route(services, "/_emulator/v1/health"));
    routes.push_back(health_route(services, "/healthz"));
    routes.push_back(metrics_route(services, "/_emulator/v1/metrics"));
    routes.push_back(metrics_route(services, "/metrics"));
    Route ca{"GET", "/_emulator/v1/ca.crt", Family::emulator, "The certificate authority that devices are to trust"};
    ca.answers = {{200, "PEM", "application/x-pem-file"}};
    ca.access = Access::open;
    ca.handler = [&services](const Request&) {
        return text_response(services.ca_pem(), 200, "application/x-pem-file");
    };
    routes.push_back(std::move(ca));
}

}  // namespace api
