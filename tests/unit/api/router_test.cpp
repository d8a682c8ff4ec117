#include "server/api/base/router.h"

#include <doctest/doctest.h>

using namespace api;

namespace {

Router router(std::vector<std::pair<std::string, std::string>> routes) {
    std::vector<Route> made;
    for (auto& [method, pattern] : routes) made.push_back(Route{method, pattern, Family::emulator, "a route"});
    return Router(std::move(made));
}

}  // namespace

TEST_CASE("patterns take their parameters from the segments") {
    const Router table = router({{"GET", "/a/{one}/b"}, {"GET", "/"}, {"PUT", "/x/"}});
    const auto match = table.match("GET", {"a", "v/w", "b"});
    REQUIRE(match.route != nullptr);
    CHECK(match.params.at("one") == "v/w");
    CHECK(table.match("GET", {}).route != nullptr);
    CHECK(table.match("PUT", {"x"}).route != nullptr);
    CHECK(table.match("GET", {"a", "", "b"}).route == nullptr);
    CHECK(table.match("GET", {"a", "v"}).route == nullptr);
    CHECK(table.match("GET", {"a", "v", "b", "c"}).route == nullptr);
    CHECK(table.match("GET", {"A", "v", "b"}).route == nullptr);
}

TEST_CASE("a parameter with + takes several segments, and earlier routes win") {
    const Router table = router({{"GET", "/i/{id+}/up"}, {"GET", "/i/{id+}"}, {"DELETE", "/i/{id+}"}});
    CHECK(table.match("GET", {"i", "a", "b", "up"}).params.at("id") == "a/b");
    CHECK(table.match("GET", {"i", "a", "b"}).params.at("id") == "a/b");
    CHECK(table.match("GET", {"i", "a/up"}).params.at("id") == "a/up");
    CHECK(table.match("GET", {"i", "up"}).params.at("id") == "up");
    CHECK(table.match("DELETE", {"i", "a", "up"}).params.at("id") == "a/up");
    CHECK(table.match("GET", {"i"}).route == nullptr);
}

TEST_CASE("a known path with another method tells which are allowed, HEAD goes to GET") {
    const Router table = router({{"GET", "/a"}, {"DELETE", "/a"}});
    CHECK(table.match("HEAD", {"a"}).route->method == "GET");
    CHECK(table.match("POST", {"a"}).allowed == std::vector<std::string>{"DELETE", "GET", "HEAD"});
    CHECK(table.match("POST", {"b"}).allowed.empty());
}
