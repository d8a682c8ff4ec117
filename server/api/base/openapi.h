#pragma once
// The OpenAPI 3.0 description, generated from the routes.

#include "server/api/base/route.h"

#include <string>
#include <vector>

namespace api {

// Pretty-printed JSON with a final line end.
std::string openapi_document(const std::vector<Route>& routes, const std::string& version);

// "/a/{b+}" as OpenAPI writes it: "/a/{b}".
std::string openapi_path(std::string pattern);

}  // namespace api
