#pragma once
// The page, in front of the control API: GET / for a browser, and its files under /_emulator/ui/. They are open to
// everybody who reaches the port, because they hold nothing; everything that the page does is a call of the API behind
// it, with that one's rules. Loop thread only.

#include "server/http/service.h"

#include <memory>

namespace page {

std::unique_ptr<net::HttpService> in_front_of(std::unique_ptr<net::HttpService> api);

}  // namespace page
