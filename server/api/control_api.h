#pragma once
// The control API as one service: Murano's own calls, the emulator's, and content links.

#include "server/api/base/services.h"
#include "server/http/service.h"

#include <memory>

namespace api {

// `services` outlives the result.
std::unique_ptr<net::HttpService> make_control_api(Services& services);

}  // namespace api
