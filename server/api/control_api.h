#pragma once
// The control API as one service: Murano's own calls, the emulator's, and content links.

#include "server/api/services.h"
#include "server/net/http_service.h"

#include <memory>

namespace api {

// `services` outlives the result.
std::unique_ptr<net::HttpService> make_control_api(Services& services);

}  // namespace api
