#include "server/api/device_http.h"

#include "server/api/handlers.h"
#include "server/api/service.h"

namespace api {

std::unique_ptr<net::HttpService> make_device_http(Services& services) {
    Routes routes;
    add_content_download_route(routes, services, true);
    add_device_port_routes(routes, services);
    // Devices carry their own credentials; the control API's token is none of their business.
    return std::make_unique<RoutedService>(services.control, Router(std::move(routes)), AccessPolicy{},
                                           [](const net::HttpHead&) { return Family::plain; });
}

}  // namespace api
