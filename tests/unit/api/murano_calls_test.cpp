#include "tests/support/api_client.h"

#include <doctest/doctest.h>

using test::ApiWorld;

namespace {

const std::string device2 = "/api:1/service/c1/device2";

}  // namespace

TEST_CASE("logging in gives a token, which can be looked at and forgotten [murano-facts 3.1]") {
    ApiWorld world;
    const auto answer = world.client.response("POST", "/api:1/token/", R"({"email":"m@example.com","password":"x"})");
    REQUIRE(answer.status == 200);
    REQUIRE(answer.body.size() == 52);
    const std::string token = answer.body.substr(10, 40);
    CHECK(world.client.said("GET", "/api:1/token/" + token) == R"(200 {"email":"m@example.com","ttl":172800})");
    CHECK(world.client.said("DELETE", "/api:1/token/" + token) == "204");
    CHECK(world.client.response("GET", "/api:1/token/" + token).status == 404);
    CHECK(world.client.response("POST", "/api:1/token/", R"({"password":"x"})").status == 400);
}

TEST_CASE("an account with a second factor logs in with a code [murano-facts 3.1]") {
    ApiWorld world;
    const auto asked =
        world.client.response("POST", "/api:1/token/", R"({"email":"m+twofactor@example.com","password":"x"})");
    REQUIRE(asked.status == 409);
    REQUIRE(asked.body.starts_with(R"({"statusCode":409,"message":"twofactor","key":")"));
    const std::string path = "/api:1/key/" + asked.body.substr(asked.body.size() - 10, 8);
    CHECK(world.client.said("GET", path) == R"(200 {"email":"m+twofactor@example.com"})");
    CHECK(world.client.response("POST", path, "{}").status == 400);
    world.control.time.now_us += 599'000'000;
    CHECK(world.client.said("POST", path, R"({"password":"x"})").starts_with(R"(200 {"token":")"));
    CHECK(world.client.response("POST", path, R"({"password":"x"})").status == 404);  // used

    const auto late = world.client.response("POST", "/api:1/token/", R"({"email":"m+twofactor@example.com"})");
    world.control.time.now_us += 600'000'000;
    CHECK(world.client.response("GET", "/api:1/key/" + late.body.substr(late.body.size() - 10, 8)).status == 404);
}

TEST_CASE("the password of a second factor is the API token, where there is one") {
    test::TokenWorld world;
    auto& client = *world.client_with_token;
    const auto asked =
        client.response("POST", "/api:1/token/", R"({"email":"m+twofactor@example.com","password":"T0ken"})");
    REQUIRE(asked.status == 409);
    const std::string path = "/api:1/key/" + asked.body.substr(asked.body.size() - 10, 8);
    CHECK(client.response("POST", path, R"({"password":"x"})").status == 401);
    CHECK(client.response("POST", path, R"({"password":"T0ken"})").status == 200);
}

TEST_CASE("the log of a solution is its newest events, newest first [murano-facts 3.1]") {
    ApiWorld world;
    const auto happen = [&](std::string_view connector, std::int64_t timestamp_us) {
        journal::Event event;
        event.connector = connector;
        event.timestamp_us = timestamp_us;
        world.control.commit_event(event);
    };
    const std::string path = "/api:1/solution/c1/logs";
    CHECK(world.client.said("GET", path) == R"(200 {"items":[]})");
    for (std::int64_t i = 0; i < 150; ++i) happen("c1", i * 1'500'000);
    const auto some = world.client.response("GET", path).body;
    CHECK(some.starts_with(
        R"({"items":[{"type":"event","subject":"device2_connect","timestamp":223,"data":{"cursor":150,)"));
    CHECK(some.find(R"("cursor":51,)") != std::string::npos);
    CHECK(some.find(R"("cursor":50,)") == std::string::npos);
    // Far back, behind others' events.
    for (int i = 0; i < 9000; ++i) happen("c2", 1);
    CHECK(world.client.response("GET", path).body == some);
}

TEST_CASE("with polling=true a log goes on with what happens, an object a line") {
    ApiWorld world;
    journal::Event event;
    event.connector = "c1";
    world.control.commit_event(event);
    auto answer = world.client.ask("GET", "/api:1/solution/c1/logs?polling=true");
    auto& stream = std::get<net::EventStream>(answer);
    CHECK(stream.more().bytes.empty());
    world.control.commit_event(event);
    const auto piece = stream.more();
    CHECK(piece.bytes.starts_with(R"({"type":"event","subject":"device2_connect",)"));
    CHECK(piece.bytes.find("}\n") == piece.bytes.size() - 2);
    CHECK_FALSE(piece.goes_on);
    CHECK(world.client.response("GET", "/api:1/solution/c1/logs?polling=1").status == 400);
}

TEST_CASE("memberships and solutions are what Murano's tools need to find connectors [murano-facts 3.1]") {
    ApiWorld world;
    CHECK(world.client.said("GET", "/api:1/user/m%40example.com/membership/") ==
          R"(200 [{"bizid":"emulator","role":"admin","name":"Murano emulator"}])");
    const auto made = world.client.response("POST", "/api:1/business/b/solution/", R"({"label":"L","type":"product"})");
    REQUIRE(made.status == 200);
    const std::string id = made.body.substr(7, 16);
    CHECK(made.body == R"({"id":")" + id + R"("})");
    CHECK(world.client.said("GET", "/api:1/business/b/solution/") ==
          R"(200 [{"bizid":"b","type":"product","sid":")" + id + R"(","apiId":")" + id + R"(","domain":")" + id +
              R"(.m2.exosite.io","name":"L"}])");
    CHECK(world.client.said("DELETE", "/api:1/business/b/solution/" + id) == "204");
    CHECK(world.client.response("DELETE", "/api:1/business/b/solution/" + id).status == 404);
    CHECK(world.client.response("POST", "/api:1/business/b/solution/", R"({"type":"application"})").status == 400);
}

TEST_CASE("the settings show resources and fqdn, of an unknown connector the defaults [murano-facts 3.2]") {
    ApiWorld world;
    const auto answer = world.client.response("GET", device2);
    CHECK(answer.status == 200);
    CHECK(answer.body.find(R"("fqdn":"c1.m2.exosite.io:8883")") != std::string::npos);
    CHECK(answer.body.find(R"("data_out":{"format":"string")") != std::string::npos);
    CHECK(answer.body.find("quirks") == std::string::npos);
    CHECK(world.control.settings.empty());
    world.services.options.device_port = 443;
    CHECK(world.client.response("GET", device2).body.find(R"("fqdn":"c1.m2.exosite.io")") != std::string::npos);
}

TEST_CASE("[D10] PATCH answers 204 and replaces the resources, or merges them by quirk") {
    ApiWorld world;
    CHECK(world.client.said("PATCH", device2,
                            R"({"resources":{"a":{"format":"number"}},"quirks":{"will":"ignore"}})") == "204");
    CHECK(world.control.settings["c1"].resources.size() == 1);
    CHECK(world.control.settings["c1"].quirks == config::Quirks{});
    world.control.settings["c1"].quirks.patch_resources = config::Quirks::PatchResources::merge;
    CHECK(world.client.said("PATCH", device2, R"({"resources":{"b":{"format":"boolean"}}})") == "204");
    CHECK(world.control.settings["c1"].resources.size() == 2);
    CHECK(world.client.said("PATCH", device2, R"({"provisioning":{"auth_type":"cik","enabled":false}})") == "204");
    CHECK_FALSE(world.control.settings["c1"].provisioning.enabled);
    CHECK(world.control.settings["c1"].provisioning.auth_type == config::AuthType::token);
}

TEST_CASE("bad settings are refused with Murano's error shape and change nothing") {
    ApiWorld world;
    const auto bad = world.client.response("PATCH", device2, R"({"resources":{"a":{"format":"integer"}}})");
    CHECK(bad.status == 400);
    CHECK(bad.body.starts_with(R"({"statusCode":400,"message":")"));
    CHECK(bad.body.find("format") != std::string::npos);
    for (const char* body : {"{", "[]", "1", R"({"a":1,"a":2})", R"({"protocol":3})"}) {
        CAPTURE(body);
        CHECK(world.client.response("PATCH", device2, body).status == 400);
    }
    CHECK(world.control.calls.empty());
}

TEST_CASE("identities are made, shown, changed and deleted [murano-facts 3.2]") {
    ApiWorld world;
    CHECK(world.client.said("PUT", device2 + "/identity/12345") == "204");
    CHECK(world.client.said("GET", device2 + "/identity/12345") ==
          R"(200 {"identity":"12345","auth":{"type":"token"},"locked":false,"reprovision":false,"devmode":false,)"
          R"("lastip":"","lastseen":0,"status":"whitelisted","online":false,"state":{},"tags":[]})");
    CHECK(world.client.said("PUT", device2 + "/identity/12345",
                            R"({"locked":true,"auth":{"type":"password","key":"K","expire":17}})") == "204");
    CHECK(world.control.last_change.locked == true);
    CHECK(world.control.last_change.auth_type == "password");
    CHECK(world.control.last_change.auth_key == "K");
    CHECK(world.control.last_change.auth_expire_us == 17);
    CHECK(world.client.said("PUT", device2 + "/identity/1", R"({"type":"token","privatekey":"P","expire":"5"})") ==
          "204");
    CHECK(world.control.last_change.auth_key == "P");
    CHECK(world.control.last_change.auth_expire_us == 5);
    CHECK(world.client.said("PATCH", device2 + "/identity/12345", R"({"auth":{"expire":0}})") == "204");
    CHECK_FALSE(world.control.last_change.locked);
    CHECK(world.control.last_change.auth_expire_us == 0);
    CHECK(world.client.said("DELETE", device2 + "/identity/12345") == "205");
}

TEST_CASE("[D17] an unknown identity is 404 everywhere") {
    ApiWorld world;
    const std::string one = device2 + "/identity/nobody";
    CHECK(world.client.response("GET", one).status == 404);
    CHECK(world.client.response("PATCH", one, R"({"locked":true})").status == 404);
    CHECK(world.client.response("DELETE", one).status == 404);
    CHECK(world.client.response("GET", one + "/state").status == 404);
    CHECK(world.client.response("PATCH", one + "/state", R"({"a":"b"})").status == 404);
}

TEST_CASE("an identity with escaped characters is one segment") {
    ApiWorld world;
    CHECK(world.client.said("PUT", device2 + "/identity/00%3AEE%3Aa%2Fb") == "204");
    CHECK(world.control.calls.back() == "put_identity 00:EE:a/b");
}

TEST_CASE("a credential never shows in an identity") {
    ApiWorld world;
    world.control.add_identity("c1", "d");
    auto& row = world.control.known[{"c1", "d"}].row;
    row.auth_type = "token";
    row.key = "SECRETSECRET";
    row.expire_us = 99;
    row.tags_json = R"([{"name":"n","value":"v"}])";
    const std::string one = world.client.said("GET", device2 + "/identity/d");
    CHECK(one.find("SECRET") == std::string::npos);
    CHECK(one.find(R"("auth":{"type":"token","expire":99})") != std::string::npos);
    CHECK(one.find(R"("tags":[{"name":"n","value":"v"}])") != std::string::npos);
    CHECK(world.client.said("GET", device2 + "/identity/").find("SECRET") == std::string::npos);
}

TEST_CASE("the list of identities takes its filters and says whether more may come") {
    ApiWorld world;
    world.control.add_identity("c1", "a");
    world.control.add_identity("c1", "b");
    const std::string list = device2 + "/identity/";
    CHECK(world.client.said("GET", list + "?limit=1")
              .starts_with(R"(200 {"mayLoadMore":true,"devices":[{"identity":"a")"));
    CHECK(world.client.response("GET", list + "?limit=5&before=77&status=locked&identity=%5Ea&tag=n%3Av").status ==
          200);
    CHECK(world.control.last_query.before_us == 77);
    CHECK(world.control.last_query.status == "locked");
    CHECK(world.control.last_query.pattern->text() == "^a");
    CHECK(world.control.last_query.tag_name == "n");
    CHECK(world.control.last_query.tag_value == "v");
    CHECK(world.client.response("GET", list + "?tag=%7B%22name%22%3A%22x%22%7D").status == 200);
    CHECK(world.control.last_query.tag_name == "x");
    for (const char* bad : {"limit=0", "limit=x", "limit=99999", "before=-1", "before=1.5", "status=online"}) {
        CAPTURE(bad);
        CHECK(world.client.response("GET", list + '?' + bad).status == 400);
    }
}

TEST_CASE("[R40a] values keep their exact text in both directions") {
    ApiWorld world;
    world.control.add_identity("c1", "d");
    using journal::ValueKind;
    world.control.states[{"c1", "d"}] = {{"n", ValueKind::number, "73.16492", "1.10", 5},
                                         {"s", ValueKind::string, std::nullopt, "a\"b", 6},
                                         {"t", ValueKind::boolean, "true", std::nullopt, 7}};
    CHECK(world.client.said("GET", device2 + "/identity/d/state") ==
          R"(200 {"n":{"reported":73.16492,"set":1.10,"timestamp":5},"s":{"set":"a\"b","timestamp":6},)"
          R"("t":{"reported":true,"timestamp":7}})");
    CHECK(world.client.said("PATCH", device2 + "/identity/d/state",
                            R"({"n":1.00,"s":"x","t":false,"z":null,"o":{"a":1},"l":[]})") == "204");
    const auto& writes = world.control.last_writes;
    REQUIRE(writes.size() == 6);
    CHECK(writes[0].text == "1.00");
    CHECK(writes[0].kind == device::JsonKind::number);
    CHECK(writes[1].kind == device::JsonKind::string);
    CHECK(writes[2].text == "false");
    CHECK(writes[3].kind == device::JsonKind::null);
    CHECK(writes[4].kind == device::JsonKind::object);
    CHECK(writes[5].kind == device::JsonKind::array);
}

TEST_CASE("a value that is not settable is told in plain words [murano-facts 3.2]") {
    ApiWorld world;
    world.control.add_identity("c1", "d");
    world.control.fails = device::ControlError{device::ErrorKind::not_settable, "data_in cannot be set", "$.data_in"};
    const auto answer = world.client.response("PATCH", device2 + "/identity/d/state", R"({"data_in":"x"})");
    CHECK(answer.status == 400);
    CHECK(answer.body == "Value is not settable");
    CHECK(answer.field("Content-Type").starts_with("text/plain"));
}

TEST_CASE("bad bodies of identity calls are 400 with the place of the mistake") {
    ApiWorld world;
    world.control.add_identity("c1", "d");
    const std::string one = device2 + "/identity/d";
    struct Row {
        const char* body;
        const char* told;
    };
    const Row rows[] = {{R"({"locked":"yes"})", "$.locked"},
                        {R"({"auth":{"expire":1.5}})", "$.auth.expire"},
                        {R"({"auth":{"type":7}})", "$.auth.type"},
                        {R"({"auth":[]})", "$.auth"},
                        {R"({"tags":{}})", "$.tags"},
                        {R"({"locked":true,"locked":false})", "locked"},
                        {"{\n  \"locked\": tru }", "line 2"},
                        {"[1]", "$"},
                        {"\"x\"", "$"}};
    for (const Row& row : rows) {
        CAPTURE(row.body);
        for (const char* method : {"PUT", "PATCH"}) {
            const auto answer = world.client.response(method, one, row.body);
            CHECK(answer.status == 400);
            CAPTURE(answer.body);
            CHECK(answer.body.find(row.told) != std::string::npos);
        }
    }
    CHECK(world.client.response("PATCH", one).status == 400);
    CHECK(world.client.response("PATCH", one + "/state", "[]").status == 400);
    CHECK(world.client.response("PATCH", one + "/state", R"({"a":1,"a":2})").status == 400);
    CHECK(world.control.calls.empty());
}
