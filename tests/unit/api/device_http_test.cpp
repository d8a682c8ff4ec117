#include "tests/support/api_client.h"

#include <doctest/doctest.h>

using test::ApiWorld;

namespace {

const test::Fields form_type{{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}};

}  // namespace

TEST_CASE("[R64] activation answers the bare token; SNI selects the connector") {
    ApiWorld world;
    const auto answer = world.device.response("POST", "/provision/activate", "vendor=x&model=y&sn=12%2034", form_type);
    CHECK(answer.status == 200);
    CHECK(answer.body == std::string(40, 'T'));
    CHECK(answer.field("Content-Type") == "text/plain");
    CHECK(world.control.last_activation.connector == "c1");
    CHECK(world.control.last_activation.identity == "12 34");
    CHECK(world.control.last_activation.ip == "192.0.2.7");
    CHECK(world.device.response("POST", "/provision/activate", "id=7&password=p%40ss", form_type).status == 200);
    CHECK(world.control.last_activation.identity == "7");
    CHECK(world.control.last_activation.password == "p@ss");
}

TEST_CASE("[R64] refusals keep their status, a password is answered 204") {
    ApiWorld world;
    using Why = murano::NoProvisioning;
    const std::vector<std::pair<Why, std::string>> refusals{{Why::bad_request, "400"},
                                                            {Why::forbidden, "403"},
                                                            {Why::not_found, "404"},
                                                            {Why::conflict, "409"},
                                                            {Why::full, "507"}};
    for (const auto& [why, status] : refusals) {
        world.control.activated = {why, "no"};
        CHECK(world.device.said("POST", "/provision/activate", "id=1", form_type) == status + " no");
    }
    world.control.activated = {};
    CHECK(world.device.said("POST", "/provision/activate", "id=1", form_type) == "204");
    CHECK(world.device.response("POST", "/provision/activate", "vendor=x", form_type).status == 400);
    CHECK(world.device.response("POST", "/provision/activate", "id=%zz", form_type).status == 400);
    CHECK(world.device.response("POST", "/provision/activate").status == 411);
    CHECK(world.device.response("POST", "/provision/activate", "{}").status == 415);
    CHECK(world.device.response("POST", "/provision/activate", std::string(70'000, 'a'), form_type).status == 413);
    CHECK(world.device.response("GET", "/provision/activate").status == 405);
}

TEST_CASE("[R65] a device stores a file and replaces it") {
    ApiWorld world;
    world.control.authenticated = "dev";
    const test::Fields fields{{"X-Exosite-CIK", "tok"}, {"Content-Type", "text/csv; charset=utf-8"}};
    CHECK(world.device.said("PUT", "/provision/content/log.csv", "a,b", fields) == "201");
    CHECK(world.control.last_credential.token == "tok");
    const auto& row = world.control.items[{"c1", "device2/dev/log.csv"}];
    CHECK(row.owner == "dev");
    CHECK(row.mime == "text/csv");
    CHECK(row.length == 3);
    CHECK(world.control.calls.back() == "put_content by device device2/dev/log.csv");
    CHECK(world.device.said("PUT", "/provision/content/log.csv", "c", fields) == "204");
}

TEST_CASE("[R65] a device proves itself by token, basic header or certificate, else 401") {
    ApiWorld world;
    const auto put = [&](const char* header) {
        return world.device.response("PUT", "/provision/content/f", "x", {{"Authorization", header}}).status;
    };
    CHECK(put("token abc") == 401);
    CHECK(world.control.last_credential.token == "abc");
    CHECK(put("basic OnRvaw==") == 401);
    CHECK(world.control.last_credential.token == "tok");
    CHECK(put("Basic aWQ6cGE6c3M=") == 401);
    CHECK(world.control.last_credential.token.empty());
    CHECK(world.control.last_credential.user == "id");
    CHECK(world.control.last_credential.password == "pa:ss");
    CHECK(put("basic ???") == 401);
    world.device.peer.certificate_pem = "PEM";
    CHECK(put("") == 401);
    CHECK(world.control.last_credential.certificate_pem == "PEM");
    CHECK(world.control.files() == 0);
}

TEST_CASE("[R65] an upload over limits.max_content_bytes is 413 and leaves no file") {
    ApiWorld world;
    world.control.authenticated = "dev";
    world.services.options.max_content_bytes = 4;
    const auto device_http = api::make_device_http(world.services);
    test::ApiClient device(*device_http);
    CHECK(device.response("PUT", "/provision/content/f", "12345").status == 413);
    CHECK(device.response("PUT", "/provision/content/f", "1234").status == 201);
    CHECK(world.control.files() == 1);
}

TEST_CASE("[R60] on the device port a link of another connector is 403") {
    ApiWorld world;
    world.control.authenticated = "dev";
    CHECK(world.device.response("PUT", "/provision/content/f", "abc").status == 201);
    const std::string url = world.urls.download("", "c1", "device2/dev/f", world.control.time.now_us);
    CHECK(world.device.response("GET", url).status == 200);
    CHECK(world.device.response("HEAD", url).status == 200);
    world.device.peer.connector = "c2";
    CHECK(world.device.response("GET", url).status == 403);
}

TEST_CASE("errors of the device port are plain text, and the control API is not there") {
    ApiWorld world;
    const auto answer = world.device.response("GET", "/_emulator/v1/connectors");
    CHECK(answer.status == 404);
    CHECK(answer.field("Content-Type").starts_with("text/plain"));
    CHECK(world.device.response("GET", "/api:1/service/c1/device2").status == 404);
}

TEST_CASE("[R64, R65] what is refused on the device port before anybody looks at it is told as what it is") {
    ApiWorld world;
    const auto told = [&](const std::string& method, const std::string& target, const std::string& body = "",
                          const test::Fields& fields = {}) {
        world.control.refusals.clear();
        const auto answer = world.device.response(method, target, body, fields);
        REQUIRE(world.control.refusals.size() == 1);
        const auto& refusal = world.control.refusals.front();
        CHECK(answer.body == refusal.cause + '\n');
        return std::to_string(answer.status) + ' ' + refusal.cause;
    };
    CHECK(told("POST", "/provision/activate").starts_with("411 this request has a body, so Content-Length"));
    CHECK(told("PUT", "/provision/content/f").starts_with("411 "));
    CHECK(told("POST", "/provision/activate", "{}").starts_with("415 the Content-Type must be application/x-www"));
    CHECK(told("POST", "/provision/activate", "vendor=x", form_type).starts_with("400 the form must name the device"));
    CHECK(told("PUT", "/provision/content/f", "x").starts_with("401 "));
    CHECK(told("GET", "/index.html").starts_with("404 there is nothing at this path"));
    CHECK(told("GET", "/provision/activate") == "405 this path takes POST");
    CHECK(told("post", "/provision/activate", "id=1", form_type) ==
          "405 this path takes POST, and methods are written in capitals: send POST");
    CHECK(told("GET", "/%zz").starts_with("400 the request target is not valid"));
    CHECK(world.control.refusals.front().method.empty());
    world.control.refusals.clear();
    CHECK(world.device.response("PUT", "/provision/content/f", "", {{"Content-Length", "0"}}).status == 401);
    world.control.activated = {murano::NoProvisioning::conflict, "no"};  // the provisioning rules have told it already
    world.control.refusals.clear();
    CHECK(world.device.response("POST", "/provision/activate", "id=1", form_type).status == 409);
    CHECK(world.control.refusals.empty());
}

TEST_CASE("one connection leaves a bounded number of findings, however much of it is refused") {
    ApiWorld world;
    for (int i = 0; i < 100; ++i) CHECK(world.device.response("GET", "/nothing").status == 404);
    REQUIRE(world.control.refusals.size() == 21);
    CHECK(world.control.refusals[19].cause == "there is nothing at this path");
    CHECK(world.control.refusals[20].cause.starts_with("further refused requests of this connection"));
    world.device.peer.refusals = std::make_shared<std::uint32_t>(0);  // another connection
    CHECK(world.device.response("GET", "/nothing").status == 404);
    CHECK(world.control.refusals.size() == 22);
}
