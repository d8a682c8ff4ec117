#include "server/api/base/handlers.h"
#include "tests/support/api_client.h"

#include <doctest/doctest.h>

namespace {

// The route's path with `value` for every parameter.
std::string filled(std::string pattern, const std::string& value) {
    for (auto open = pattern.find('{'); open != std::string::npos; open = pattern.find('{', open + value.size())) {
        pattern.replace(open, pattern.find('}') - open + 1, value);
    }
    return pattern;
}

const std::string bad_bodies[] = {"",
                                  "{",
                                  "[]",
                                  "null",
                                  "\"\xff\"",
                                  R"({"a":1,"a":1})",
                                  std::string(100'000, '['),
                                  "1",
                                  "{}",
                                  "{}x",
                                  "{\"a\":}",
                                  std::string("{}\0", 3)};
const std::string odd_values[] = {"c1", "..", "%2e%2e%2f", "a%0d%0aX%3a%20y", "%F0%9F%92%A9", "-"};

}  // namespace

TEST_CASE("whatever a route is sent, it answers, and never with a server error") {
    test::ApiWorld world;
    world.client.step = 65'536;
    for (const api::Route& route : api::control_routes(world.services)) {
        for (const std::string& value : odd_values) {
            for (const std::string& body : bad_bodies) {
                CAPTURE(route.method);
                CAPTURE(route.pattern);
                CAPTURE(value);
                CAPTURE(body.substr(0, 20));
                const auto answer = world.client.ask(route.method, filled(route.pattern, value), body);
                const auto* response = std::get_if<net::HttpResponse>(&answer);
                CHECK((response == nullptr || response->status < 500));
            }
        }
    }
}

TEST_CASE("routes that want JSON refuse what is none, and change nothing") {
    test::ApiWorld world;
    world.client.step = 65'536;
    world.control.add_identity("c1", "c1");
    for (const api::Route& route : api::control_routes(world.services)) {
        if (route.body != api::BodyKind::json && route.body != api::BodyKind::optional_json) continue;
        for (const std::string& body : bad_bodies) {
            if (body.empty() || body == "{}") continue;
            CAPTURE(route.pattern);
            CAPTURE(body.substr(0, 20));
            CHECK(world.client.response(route.method, filled(route.pattern, "c1"), body).status == 400);
        }
        CHECK(world.client.response(route.method, filled(route.pattern, "c1"), "{}", {{"Content-Type", "text/xml"}})
                  .status == 415);
    }
    CHECK(world.control.calls.empty());
}

TEST_CASE("unknown query values do not disturb routes that take none") {
    test::ApiWorld world;
    CHECK(world.client.response("GET", "/healthz?a=1&a=2&%C3%A4=").status == 200);
    CHECK(world.client.response("GET", "/healthz?a=%").status == 400);
}

TEST_CASE("an identity pattern that is no regular expression is refused") {
    test::ApiWorld world;
    const std::string path = "/api:1/service/c1/device2/identity/?identity=";
    CHECK(world.client.response("GET", path + "dev.*").status == 200);
    CHECK(world.client.response("GET", path + "%5B").status == 400);
    CHECK(world.client.response("GET", path + std::string(300, 'a')).status == 400);
}
