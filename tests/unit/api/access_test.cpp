#include "server/api/access.h"

#include "server/api/base64.h"
#include "tests/support/api_client.h"

#include <doctest/doctest.h>

using namespace api;

TEST_CASE("names of loopback are told from names that look so") {
    for (const char* name : {"localhost", "LocalHost:8080", "127.0.0.1", "127.255.0.9:1", "[::1]", "[::1]:8080"}) {
        CAPTURE(name);
        CHECK(names_loopback(name));
    }
    for (const char* name : {"", "example.com", "localhost.example.com", "127.0.0.1.example.com", "128.0.0.1", "127.1",
                             "127.0.0.256", "[::2]", "[::1", "10.0.0.1:80", "127.0.0.1.", "127.0.0.x"}) {
        CAPTURE(name);
        CHECK_FALSE(names_loopback(name));
    }
}

TEST_CASE("secrets are compared whatever their lengths") {
    CHECK(same_secret("abc", "abc"));
    CHECK(same_secret("", ""));
    CHECK_FALSE(same_secret("abc", "abcd"));
    CHECK_FALSE(same_secret("abc", ""));
}

TEST_CASE("base64 is decoded strictly") {
    CHECK(base64_decode("") == "");
    CHECK(base64_decode("TQ==") == "M");
    CHECK(base64_decode("TWE=") == "Ma");
    CHECK(base64_decode("TWFu") == "Man");
    CHECK(base64_decode("AAA=") == std::string(2, '\0'));
    for (const char* bad : {"T", "TWF", "TW=u", "TWFu=", "TW u", "T===", "====", "TWF-"}) {
        CAPTURE(bad);
        CHECK_FALSE(base64_decode(bad));
    }
}

TEST_CASE("without a token a loopback listener takes loopback names only, against DNS rebinding") {
    test::ApiWorld world;
    world.client.peer.loopback_listener = true;
    CHECK(world.client.response("GET", "/healthz").status == 200);
    CHECK(world.client.response("GET", "/healthz", "", {{"Host", "evil.example"}}).status == 403);
    CHECK(world.client.response("GET", "/healthz", "", {{"Origin", "http://localhost:3000"}}).status == 200);
    CHECK(world.client.response("GET", "/healthz", "", {{"Origin", "https://evil.example"}}).status == 403);
    CHECK(world.client.response("GET", "/healthz", "", {{"Origin", "null"}}).status == 403);
    world.client.peer.loopback_listener = false;
    CHECK(world.client.response("GET", "/healthz", "", {{"Host", "emulator"}}).status == 200);
}

TEST_CASE("with a token every call needs it, but for health and the CA") {
    test::TokenWorld world;
    test::ApiClient& client = *world.client_with_token;
    CHECK(client.response("GET", "/_emulator/v1/connectors").status == 401);
    CHECK(client.response("GET", "/_emulator/v1/connectors").field("WWW-Authenticate") == "Bearer");
    CHECK(client.response("GET", "/nothing/there").status == 401);
    CHECK(client.response("GET", "/api:1/service/c1/device2").status == 401);
    for (const char* header : {"token T0ken", "Bearer T0ken", "bearer  T0ken", "Basic bUBleC5jb206VDBrZW4="}) {
        CAPTURE(header);
        CHECK(client.response("GET", "/_emulator/v1/connectors", "", {{"Authorization", header}}).status == 200);
    }
    for (const char* header : {"token T0ke", "token", "T0ken", "Digest T0ken", "Basic VDBrZW4=", "Basic !!!!"}) {
        CAPTURE(header);
        CHECK(client.response("GET", "/_emulator/v1/connectors", "", {{"Authorization", header}}).status == 401);
    }
    CHECK(client.response("GET", "/_emulator/v1/health").status == 200);
    CHECK(client.response("GET", "/healthz").status == 200);
    CHECK(client.said("GET", "/_emulator/v1/ca.crt") == "200 PEM");
    CHECK(client.response("GET", "/metrics").status == 401);
}

TEST_CASE("the API token is the password of every account, and what it gives out works until it ends") {
    test::TokenWorld world;
    test::ApiClient& client = *world.client_with_token;
    CHECK(client.response("POST", "/api:1/token/", R"({"email":"m@ex.com","password":"wrong"})").status == 401);
    const auto answer = client.response("POST", "/api:1/token/", R"({"email":"m@ex.com","password":"T0ken","ttl":60})");
    REQUIRE(answer.status == 200);
    const std::string token = answer.body.substr(10, 40);
    const test::Fields with_it{{"Authorization", "token " + token}};
    CHECK(client.said("GET", "/api:1/token/" + token, "", with_it) == R"(200 {"email":"m@ex.com","ttl":60})");
    world.control.time.now_us += 60'000'000;
    CHECK(client.response("GET", "/metrics", "", with_it).status == 401);
}
