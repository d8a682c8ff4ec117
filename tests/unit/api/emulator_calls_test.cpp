#include "tests/support/api_client.h"

#include <doctest/doctest.h>

using test::ApiWorld;

namespace {

const std::string v1 = "/_emulator/v1";

}  // namespace

TEST_CASE("health says ready or not yet") {
    ApiWorld world;
    CHECK(world.client.said("GET", v1 + "/health") == R"(200 {"status":"ready","faults":0})");
    world.control.is_ready = false;
    CHECK(world.client.said("GET", "/healthz") == R"(503 {"status":"starting","faults":0})");
    world.control.is_ready = true;
    world.control.failing = "database or disk is full";
    const auto full = world.client.response("GET", v1 + "/health");
    CHECK(full.status == 503);
    CHECK(full.body.find(R"("code":"storage_failing")") != std::string::npos);
    CHECK(full.body.find("database or disk is full") != std::string::npos);
}

TEST_CASE("the CA and the metrics are served as text") {
    ApiWorld world;
    CHECK(world.client.said("GET", v1 + "/ca.crt") == "200 PEM");
    CHECK(world.client.said("GET", "/metrics") == "200 murano_emulator_up 1\n");
    CHECK(world.client.response("GET", v1 + "/metrics").field("Content-Type").starts_with("text/plain; version=0.0.4"));
}

TEST_CASE("errors name code, message and path") {
    ApiWorld world;
    CHECK(world.client.said("GET", "/nothing") ==
          R"(404 {"error":{"code":"not_found","message":"there is nothing at this path","path":""}})");
    const auto wrong = world.client.response("POST", v1 + "/connectors");
    CHECK(wrong.status == 405);
    CHECK(wrong.field("Allow") == "GET, HEAD");
    CHECK(world.client.response("OPTIONS", v1 + "/clock").status == 405);
    CHECK(world.client.response("PUT", v1 + "/clock", "{}", {{"Content-Type", "text/plain"}}).status == 415);
    CHECK(world.client.response("PUT", v1 + "/clock", std::string(1024 * 1024 + 1, ' ')).status == 413);
    CHECK(world.client.response("GET", v1 + "/connectors/UPPER").status == 404);
    CHECK(world.client.said("GET", "/api:1/nothing") ==
          R"(404 {"statusCode":404,"message":"there is nothing at this path"})");
}

TEST_CASE("connectors are listed, shown, changed and deleted") {
    ApiWorld world;
    CHECK(world.client.response("GET", v1 + "/connectors/c1").status == 404);
    CHECK(world.client.response("DELETE", v1 + "/connectors/c1").status == 404);
    const auto patched = world.client.response("PATCH", v1 + "/connectors/c1",
                                               R"({"quirks":{"will":"ignore"},"resources":{"n":{"format":"number"}}})");
    CHECK(patched.status == 200);
    CHECK(patched.body.find(R"("will":"ignore")") != std::string::npos);
    CHECK(world.control.settings["c1"].resources.size() == 4);
    CHECK(world.client.response("PATCH", v1 + "/connectors/c1", R"({"resources":{"n":null}})").status == 200);
    CHECK(world.control.settings["c1"].resources.size() == 3);
    CHECK(world.client.said("GET", v1 + "/connectors") ==
          R"(200 {"default":"local","connectors":[{"connector":"c1","identities":2,"connections":1}]})");
    CHECK(world.client.response("GET", v1 + "/connectors/c1").status == 200);
    CHECK(world.client.said("DELETE", v1 + "/connectors/c1") == "204");
    const auto unknown = world.client.response("PATCH", v1 + "/connectors/c1", R"({"quirk":{}})");
    CHECK(unknown.status == 400);
    CHECK(unknown.body.find("quirks") != std::string::npos);
    CHECK(world.client.response("PATCH", v1 + "/connectors/c1", R"({"quirks":{"will":"maybe"}})").status == 400);
}

TEST_CASE("connections and sessions are listed, a connection is closed") {
    ApiWorld world;
    device::ConnectionView live;
    live.connection_id = "abc";
    live.connector = "c1";
    live.identity = "d";
    live.bytes_in = 7;
    world.control.live = {live};
    world.control.stored = {{"c1", "d", {1, "cid", {"a/#"}, false, 9}}};
    CHECK(world.client.said("GET", v1 + "/connections").starts_with(R"(200 {"connections":[{"id":"abc",)"));
    CHECK(world.client.said("GET", v1 + "/sessions") ==
          R"(200 {"sessions":[{"connector":"c1","identity":"d","client_id":"cid","subscriptions":["a/#"],)"
          R"("connected":false,"last_seen_us":9}]})");
    world.control.settings["c1"] = {};
    world.control.settings["c2"] = {};
    for (const auto* list : {"connections", "sessions"}) {
        const auto path = v1 + "/" + list;
        CHECK(world.client.said("GET", path + "?connector=c1") == world.client.said("GET", path));
        CHECK(world.client.said("GET", path + "?connector=c2") == "200 {\"" + std::string(list) + "\":[]}");
        CHECK(world.client.said("GET", path + "?connector=cc2").find("did you mean \\\"c2\\\"?") != std::string::npos);
    }
    CHECK(world.client.said("DELETE", v1 + "/connections/abc") == "204");
    CHECK(world.client.response("DELETE", v1 + "/connections/abc").status == 404);
}

TEST_CASE("the secret of a device is told, where there is one") {
    ApiWorld world;
    const std::string path = v1 + "/connectors/c1/identities/d/secret";
    CHECK(world.client.response("GET", path).status == 404);
    world.control.add_identity("c1", "d");
    CHECK(world.client.response("GET", path).status == 404);
    world.control.known[{"c1", "d"}].row.auth_type = "token";
    world.control.known[{"c1", "d"}].row.key = "KEY";
    CHECK(world.client.said("GET", path) == R"(200 {"type":"token","key":"KEY"})");
}

TEST_CASE("a message of the cloud side is published, as text or base64") {
    ApiWorld world;
    const std::string path = v1 + "/connectors/c1/identities/d/publish";
    CHECK(world.client.response("POST", path, R"({"topic":"a"})").status == 404);
    world.control.add_identity("c1", "d");
    CHECK(world.client.said("POST", path, R"({"topic":"a/b","payload":"hi"})") == "204");
    CHECK(world.control.calls.back() == "publish a/b hi");
    CHECK(world.client.said("POST", path, R"({"topic":"a","payload":"AAE=","encoding":"base64"})") == "204");
    CHECK(world.control.calls.back() == std::string("publish a \0\1", 12));
    for (const char* bad :
         {R"({"payload":"x"})", R"({"topic":1})", R"({"topic":"a","payload":1})", R"({"topic":"a","encoding":"hex"})",
          R"({"topic":"a","payload":"!","encoding":"base64"})", R"({"topic":"a","extra":1})", "[]"}) {
        CAPTURE(bad);
        CHECK(world.client.response("POST", path, bad).status == 400);
    }
    CHECK(world.control.calls.size() == 2);
}

TEST_CASE("the clock is shown, set, advanced and reset") {
    ApiWorld world;
    CHECK(world.client.said("GET", v1 + "/clock") == R"(200 {"now_us":1000000000,"offset_us":0,"frozen":false})");
    CHECK(world.client.said("PUT", v1 + "/clock", R"({"now_us":5,"frozen":true})") ==
          R"(200 {"now_us":5,"offset_us":0,"frozen":true})");
    CHECK(world.client.said("POST", v1 + "/clock/advance", R"({"by":"25h"})") ==
          R"(200 {"now_us":90000000005,"offset_us":0,"frozen":true})");
    CHECK(world.client.response("DELETE", v1 + "/clock").status == 200);
    CHECK(world.control.calls.back() == "reset_clock ");
    CHECK(world.client.response("GET", v1 + "/clock?connector=c1").status == 404);
    world.control.settings["c1"] = {};
    CHECK(world.client.response("POST", v1 + "/clock/advance?connector=c1", R"({"by":"-1h"})").status == 200);
    CHECK(world.control.calls.back() == "advance_clock c1");
    for (const char* bad : {"{}", R"({"now_us":1,"offset_us":1})", R"({"now_us":"1"})", R"({"frozen":1})",
                            R"({"now":1})", R"({"now_us":1.5})", R"({"now_us":99999999999999999999})", ""}) {
        CAPTURE(bad);
        CHECK(world.client.response("PUT", v1 + "/clock", bad).status == 400);
    }
    for (const char* bad : {"{}", R"({"by":25})", R"({"by":"25 parsecs"})", R"({"by":""})"}) {
        CAPTURE(bad);
        CHECK(world.client.response("POST", v1 + "/clock/advance", bad).status == 400);
    }
}

TEST_CASE("reset takes all, a connector or a device of it") {
    ApiWorld world;
    CHECK(world.client.said("POST", v1 + "/reset") == "204");
    CHECK(world.client.said("POST", v1 + "/reset?connector=c1&identity=d") == "204");
    CHECK(world.control.calls.back() == "reset c1 d");
    CHECK(world.client.response("POST", v1 + "/reset?identity=d").status == 400);
    world.control.fails = device::ControlError{device::ErrorKind::not_found, "unknown", {}};
    CHECK(world.client.response("POST", v1 + "/reset?connector=x").status == 404);
}
