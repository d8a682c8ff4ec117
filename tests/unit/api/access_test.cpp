#include "server/api/base/access.h"

#include "server/text/base64.h"
#include "tests/support/api_client.h"

#include <doctest/doctest.h>

using namespace api;
using test::ApiWorld;

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
    CHECK(text::base64_decode("") == "");
    CHECK(text::base64_decode("TQ==") == "M");
    CHECK(text::base64_decode("TWE=") == "Ma");
    CHECK(text::base64_decode("TWFu") == "Man");
    CHECK(text::base64_decode("AAA=") == std::string(2, '\0'));
    for (const char* bad : {"T", "TWF", "TW=u", "TWFu=", "TW u", "T===", "====", "TWF-"}) {
        CAPTURE(bad);
        CHECK_FALSE(text::base64_decode(bad));
    }
}

TEST_CASE("without a token a loopback listener takes loopback names only, against DNS rebinding") {
    test::ApiWorld world;
    world.client.peer.loopback_listener = true;
    CHECK(world.client.response("GET", "/healthz").status == 200);
    CHECK(world.client.response("GET", "/healthz", "", {{"Host", "evil.example"}}).status == 403);
    world.client.peer.loopback_listener = false;
    CHECK(world.client.response("GET", "/healthz", "", {{"Host", "emulator"}}).status == 200);
}

TEST_CASE("without a token a page must be of our own scheme, host and port") {
    ApiWorld world;
    const auto status = [&](const char* origin) {
        const test::Fields fields{{"Origin", origin}, {"X-Murano-Page", "1"}};
        return world.client.response("POST", "/_emulator/v1/reset", "", fields).status;
    };
    for (const bool loopback : {true, false}) {  // --api-open is open to programs, not to every page
        world.client.peer.loopback_listener = loopback;
        for (const char* origin : {"http://localhost:3000", "http://127.0.0.1:1", "http://127.0.0.1:8080",
                                   "https://localhost:8080", "http://localhost", "https://evil.example", "null", ""}) {
            CAPTURE(origin);
            CHECK(status(origin) == 403);
        }
        CHECK(world.control.calls.empty());
        CHECK(status("http://LOCALHOST:8080") == 204);
        world.control.calls.clear();
    }
    world.client.peer.tls = true;
    CHECK(status("http://localhost:8080") == 403);
    CHECK(status("https://localhost:8080") == 204);
}

TEST_CASE("without a token a browser's call must come from our own pages or from its user, whatever the method") {
    ApiWorld world;
    world.client.peer.loopback_listener = true;
    for (const char* method : {"GET", "HEAD", "POST"}) {
        const std::string target = method == std::string("POST") ? "/_emulator/v1/reset" : "/healthz";
        for (const char* site : {"cross-site", "same-site", "odd"}) {
            CAPTURE(method);
            CAPTURE(site);
            CHECK(world.client.response(method, target, "", {{"Sec-Fetch-Site", site}}).status == 403);
        }
        for (const char* site : {"same-origin", "none"}) {
            const test::Fields fields{{"Sec-Fetch-Site", site}, {"X-Murano-Page", "1"}};
            CHECK(world.client.response(method, target, "", fields).status / 100 == 2);
        }
    }
}

TEST_CASE("a browser's call that changes something needs the header that only our own page can set") {
    const auto check = [](test::ApiClient& client, const test::Fields& token) {
        const auto status = [&](const char* method, const char* target, test::Fields fields) {
            fields.insert(fields.end(), token.begin(), token.end());
            return client.response(method, target, "", fields).status;
        };
        const char* const reset = "/_emulator/v1/reset";
        for (const net::HttpField& sign :
             test::Fields{{"Origin", "http://localhost:8080"}, {"Sec-Fetch-Site", "none"}}) {
            CAPTURE(sign.name);
            CHECK(status("POST", reset, {sign}) == 403);
            CHECK(status("POST", reset, {sign, {"X-Murano-Page", "yes"}}) == 403);
            CHECK(status("DELETE", "/_emulator/v1/clock", {sign}) == 403);
            CHECK(status("POST", reset, {sign, {"X-Murano-Page", "1"}}) == 204);
            CHECK(status("GET", "/_emulator/v1/connectors", {sign}) == 200);
            CHECK(status("HEAD", "/_emulator/v1/connectors", {sign}) == 200);
        }
        CHECK(status("POST", reset, {}) == 204);  // a program
    };
    ApiWorld world;
    check(world.client, {});
    test::TokenWorld with_token;
    check(*with_token.client_with_token, {{"Authorization", "token T0ken"}});
}

TEST_CASE("a target in absolute form is held to the same names, and may not differ from Host") {
    ApiWorld world;
    world.client.peer.loopback_listener = true;
    CHECK(world.client.response("GET", "http://localhost:8080/healthz").status == 200);
    CHECK(world.client.response("GET", "http://evil.example/healthz").status == 403);
    CHECK(world.client.response("GET", "http://localhost:8080/healthz", "", {{"Host", "evil.example"}}).status == 400);
}

TEST_CASE("a call that does not understand its body or its query does nothing") {
    ApiWorld world;
    const std::string reset = "/_emulator/v1/reset";
    CHECK(world.client.said("POST", reset, R"({"connector":"c1"})").starts_with("400 "));
    CHECK(world.client.said("POST", reset, "connector=c1").find("?connector") != std::string::npos);
    CHECK(world.client.response("POST", reset + "?conector=c1").status == 400);
    CHECK(world.client.response("DELETE", "/_emulator/v1/clock", R"({"connector":"c1"})").status == 400);
    CHECK(world.control.calls.empty());
    for (const char* nothing : {"{}", " {}\n", "null", "\r\n"}) {
        CHECK(world.client.response("POST", reset, nothing).status == 204);
    }
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
