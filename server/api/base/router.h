#pragma once
// Finds the route of a request. Read-only once made.

#include "server/api/base/route.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace api {

struct RouteMatch {
    const Route* route = nullptr;  // nullptr: none
    std::map<std::string, std::string, std::less<>> params;
    std::vector<std::string> allowed;  // if the path is known but the method is not
};

class Router {
  public:
    // The first matching route wins. GET's route serves HEAD. A trailing slash makes no difference.
    explicit Router(std::vector<Route> routes);

    RouteMatch match(std::string_view method, const std::vector<std::string>& segments) const;
    const std::vector<Route>& routes() const { return routes_; }

  private:
    std::vector<Route> routes_;
    std::vector<std::vector<std::string>> patterns_;  // of each route, as segments
};

// The segments of "/a/{b}/c".
std::vector<std::string> pattern_segments(std::string_view pattern);

}  // namespace api
