#include "server/api/handlers.h"

namespace api {

Outcome done(device::Failure&& failure, unsigned status) {
    if (failure) return std::move(*failure);
    return empty_response(status);
}

std::string request_base(const Request& request) {
    return (request.peer.tls ? "https://" : "http://") + std::string(request.head->host());
}

}  // namespace api
