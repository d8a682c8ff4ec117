#pragma once
// HTTPS on the device port: content by signed links [R60], activation [R64], uploads of devices [R65].

#include "server/api/base/services.h"
#include "server/http/service.h"

#include <memory>

namespace api {

// `services` outlives the result. Every request needs HttpPeer::connector, chosen by SNI.
std::unique_ptr<net::HttpService> make_device_http(Services& services);

}  // namespace api
