#include "server/api/device_side/device_http.h"

#include "server/api/base/handlers.h"
#include "server/api/base/refusals.h"
#include "server/api/base/service.h"
#include "server/api/device_side/content_faults.h"

namespace api {

std::unique_ptr<net::HttpService> make_device_http(Services& services) {
    Routes routes;
    add_content_download_route(routes, services, true);
    add_device_port_routes(routes, services);
    strike_device_routes(routes, services);
    // Devices carry their own credentials; the control API's token is none of their business.
    return std::make_unique<RoutedService>(
        services.journal, Router(std::move(routes)), AccessPolicy{}, [](const net::HttpHead&) { return Family::plain; },
        tell_refusals(services));
}

}  // namespace api
