#include "server/api/control_api.h"

#include "server/api/base/handlers.h"
#include "server/api/base/openapi.h"
#include "server/api/base/service.h"

namespace api {

Routes control_routes(Services& services) {
    Routes routes;
    add_health_routes(routes, services);
    add_account_routes(routes, services);
    add_two_factor_routes(routes, services);
    add_solution_routes(routes, services);
    add_solution_log_route(routes, services);
    add_device2_settings_routes(routes, services);
    add_device2_state_routes(routes, services);
    add_device2_identity_routes(routes, services);
    add_device2_upload_route(routes, services);
    add_device2_call_route(routes, services);
    add_content_link_routes(routes, services);  // before the items, whose ids may hold slashes
    add_content_item_routes(routes, services);
    add_content_download_route(routes, services, false);
    add_connector_routes(routes, services);
    add_connection_routes(routes, services);
    add_identity_routes(routes, services);
    add_history_routes(routes, services);
    add_event_routes(routes, services);
    add_event_payload_route(routes, services);
    add_report_routes(routes, services);
    add_wait_routes(routes, services);
    add_clock_routes(routes, services);
    add_snapshot_routes(routes, services);
    add_reset_routes(routes, services);
    add_fault_routes(routes, services);
    add_run_routes(routes, services);
    add_simulated_routes(routes, services);
    const auto document = std::make_shared<std::string>();
    add_openapi_routes(routes, document);
    *document = openapi_document(routes, services.options.version);
    return routes;
}

std::unique_ptr<net::HttpService> make_control_api(Services& services) {
    AccessPolicy access;
    access.token = services.options.token;
    access.issued_token = [&services](std::string_view token) {
        return services.tokens.find(token, services.clock.clock({}).now_us).has_value();
    };
    access.page_header = true;
    const auto family = [](const net::HttpHead& head) {
        return !head.segments.empty() && head.segments.front() == "api:1" ? Family::murano : Family::emulator;
    };
    return std::make_unique<RoutedService>(services.journal, Router(control_routes(services)), std::move(access),
                                           family);
}

}  // namespace api
