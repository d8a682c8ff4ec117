#include "server/api/base/handlers.h"

namespace api {

Outcome done(device::Failure&& failure, unsigned status) {
    if (failure) return std::move(*failure);
    return empty_response(status);
}

net::HttpResponse done_response(Family family, const device::Failure& failure) {
    return failure ? error_response(family, *failure) : empty_response();
}

Outcome delete_connector(Services& services, const std::string& connector, Family family) {
    return in_slices(services.resets.thin_out(connector), [&services, connector, family](std::monostate) {
        return done_response(family, services.connectors.delete_connector(connector));
    });
}

std::string request_base(const Request& request) {
    return (request.peer.tls ? "https://" : "http://") + std::string(request.head->host());
}

}  // namespace api
