#pragma once
// Serves the page in front of the control API: GET / for a browser, and its files under /_emulator/ui/. They need no
// token, because they contain no data; everything the page does is an API call under the API's own rules. Loop thread
// only.

#include "server/http/service.h"

#include <memory>

namespace page {

std::unique_ptr<net::HttpService> in_front_of(std::unique_ptr<net::HttpService> api);

}  // namespace page
