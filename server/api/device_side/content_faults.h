#pragma once
// Faults of content on the device port: http_status, body_cut, body_flip, body_slow, no_range, content_changed.

#include "server/api/base/handlers.h"

namespace api {

// Applies faults, if any, to the routes of the device port. Without one a request costs a test.
void strike_device_routes(Routes& routes, Services& services);

}  // namespace api
