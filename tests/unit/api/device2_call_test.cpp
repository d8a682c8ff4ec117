#include "tests/support/api_client.h"

#include <doctest/doctest.h>

using test::ApiWorld;

namespace {

const std::string calls = "/api:1/solution/c1/serviceconfig/device2/call/";
const std::string upload = "/api:1/service/c1/device2/identities";

std::string form(const std::string& csv, const std::string& expire = "") {
    std::string body;
    if (!expire.empty()) body = "--B\r\nContent-Disposition: form-data; name=\"expire\"\r\n\r\n" + expire + "\r\n";
    return body +
           "--B\r\nContent-Disposition: form-data; name=\"identities\"; filename=\"a.csv\"\r\n"
           "Content-Type: text/csv\r\n\r\n" +
           csv + "\r\n--B--\r\n";
}

std::string sent(ApiWorld& world, const std::string& csv, const std::string& expire = "") {
    return world.client.said("POST", upload, form(csv, expire), {{"Content-Type", "multipart/form-data; boundary=B"}});
}

TEST_CASE("a CSV file makes a device of each line [murano-facts 3.2]") {
    ApiWorld world;
    CHECK(sent(world, "ID\r\n001\r\n\r\n002\r\n", "1700000000000000") == "204");
    CHECK(world.control.calls == std::vector<std::string>{"change_identities 001", "change_identities 002"});
    CHECK(world.control.last_change.auth_expire_us == 1'700'000'000'000'000);
    CHECK_FALSE(world.control.last_change.auth_key);
    CHECK(sent(world, "\xEF\xBB\xBFID, SSL Client Certificate\n003,\"-----BEGIN\nb\"\"c\"") == "204");
    CHECK(world.control.last_change.auth_type == "certificate");
    CHECK(world.control.last_change.auth_key == "-----BEGIN\nb\"c");
    CHECK_FALSE(world.control.last_change.auth_expire_us);
}

TEST_CASE("a file that is no list of identities is refused in Murano's words, and a bad form or line is told") {
    ApiWorld world;
    for (const char* csv :
         {"", "001\n002", "Name\n001", "ID,Key\n001,k", "ID,Certificate\n001,\"open", "ID\n1,2,3", "ID\n\xff\xfe"}) {
        CAPTURE(csv);
        CHECK(sent(world, csv) == "400 CSV file format invalid");
    }
    CHECK(sent(world, "ID\n001", "soon").find("expire: must be a time") != std::string::npos);
    CHECK(world.client.response("POST", upload, "{}").status == 415);
    CHECK(world.client
              .response("POST", upload, "--B\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n1\r\n--B--\r\n",
                        {{"Content-Type", "multipart/form-data; boundary=B"}})
              .status == 400);
    CHECK(world.control.calls.empty());
    world.control.fails = device::ControlError{device::ErrorKind::bad_identity, "No.", "$[1].identity"};
    CHECK(sent(world, "ID\n001\n\n00/2") == R"(400 {"statusCode":400,"message":"line 4: No."})");
}

TEST_CASE("operations do what the REST calls do [murano-facts 3.2]") {
    ApiWorld world;
    const auto call = [&](const std::string& name, const std::string& body) {
        return world.client.said("POST", calls + name, body);
    };
    CHECK(call("addIdentity", R"({"identity":"a","auth":{"type":"token","key":"K"}})") == "204");
    CHECK(world.control.last_change.auth_key == "K");
    CHECK(call("getIdentity", R"({"identity":"a"})").starts_with(R"(200 {"identity":"a",)"));
    CHECK(call("updateIdentity", R"({"identity":"a","locked":true})") == "204");
    CHECK(world.control.last_change.locked == true);
    CHECK(call("setIdentityState", R"({"identity":"a","n":1.50,"s":"x"})") == "204");
    REQUIRE(world.control.last_writes.size() == 2);
    CHECK(world.control.last_writes[0].text == "1.50");
    CHECK(call("getIdentityState", R"({"identity":"a"})") == "200 {}");
    CHECK(call("addIdentities", R"({"identities":["b",{"identity":"c","locked":true}]})") == "204");
    CHECK(call("updateIdentities", R"({"identities":["b","c"],"auth":{"expire":0}})") == "204");
    CHECK(world.control.last_change.auth_expire_us == 0);
    CHECK(call("countIdentities", "") == R"(200 {"count":3})");
    CHECK(call("listIdentities", R"({"limit":5000,"tag":{"name":"n","value":"v"},"identity":"^a"})")
              .starts_with(R"(200 {"mayLoadMore":false,"devices":[{)"));
    CHECK(world.control.last_query.tag_value == "v");
    CHECK(world.control.last_query.limit == 5000);
    CHECK(call("removeIdentity", R"({"identity":"a"})") == "204");
    CHECK(call("makeIdentity", R"({"identity":"m"})").starts_with(R"(200 {"identity":"m",)"));
    CHECK(call("makeIdentity", R"({"identity":"m"})").starts_with("409"));
    CHECK(call("makeIdentity", "").starts_with("200"));
}

TEST_CASE("resources are added, shown, changed and removed one by one [murano-facts 3.2]") {
    ApiWorld world;
    const auto call = [&](const std::string& name, const std::string& body) {
        return world.client.said("POST", calls + name, body);
    };
    CHECK(call("getGatewaySettings", "") == world.client.said("GET", "/api:1/service/c1/device2"));
    CHECK(call("addGatewayResource", R"({"alias":"t","format":"number","settable":true})") == "204");
    CHECK(call("getGatewayResource", R"({"alias":"t"})").find(R"("format":"number")") != std::string::npos);
    CHECK(call("addGatewayResource", R"({"alias":"t"})").starts_with("409"));
    CHECK(call("updateGatewayResource", R"({"alias":"t","settings":{"format":"boolean"}})") == "204");
    CHECK(world.control.settings["c1"].resources.at("t").format == config::ResourceFormat::boolean);
    CHECK(world.control.settings["c1"].resources.contains("data_in"));
    CHECK(call("updateGatewayResource", R"({"alias":"t","format":"float"})").starts_with("400"));
    CHECK(call("removeGatewayResource", R"({"alias":"t"})") == "204");
    CHECK(call("removeGatewayResource", R"({"alias":"t"})").starts_with("404"));
    CHECK(call("getGatewayResource", R"({"alias":"t"})").starts_with("404"));
}

TEST_CASE("tags are added, listed and removed; a name may have several values [murano-facts 2.1]") {
    ApiWorld world;
    world.control.add_identity("c1", "a");
    const auto call = [&](const std::string& name, const std::string& body) {
        return world.client.said("POST", calls + name, body);
    };
    CHECK(call("addIdentityTag", R"({"identity":"a","name":"site","value":"x"})") == "204");
    CHECK(world.control.last_change.tags_json == R"([{"name":"site","value":"x"}])");
    world.control.known[{"c1", "a"}].row.tags_json = R"([{"name":"site","value":"x"},{"name":"site","value":"y"}])";
    CHECK(call("addIdentityTag", R"({"identity":"a","tag":{"name":"site","value":"y"}})") == "204");
    CHECK(world.control.calls.size() == 1);
    CHECK(call("getIdentityTag", R"({"identity":"a","name":"site"})") ==
          R"(200 [{"name":"site","value":"x"},{"name":"site","value":"y"}])");
    CHECK(call("getIdentityTag", R"({"identity":"a","name":"other"})") == "200 []");
    CHECK(call("removeIdentityTag", R"({"identity":"a","name":"site","value":"x"})") == "204");
    CHECK(world.control.last_change.tags_json == R"([{"name":"site","value":"y"}])");
    CHECK(call("removeIdentityTag", R"({"identity":"a","name":"none"})").starts_with("404"));
    CHECK(call("listTagNames", "") == R"(200 ["a","b"])");
    CHECK(call("addIdentityTag", R"({"identity":"a","name":"site"})").starts_with("400"));
}

TEST_CASE("an unknown operation names the nearest one, and bad arguments are told with their place") {
    ApiWorld world;
    CHECK(world.client.said("POST", calls + "getIdentty", "{}").find("did you mean getIdentity?") != std::string::npos);
    CHECK(world.client.said("POST", calls + "getIdentity", "{}").find("$.identity: is needed") != std::string::npos);
    CHECK(world.client.response("POST", calls + "getIdentity", "[1]").status == 400);
    CHECK(world.client.response("POST", calls + "addIdentities", R"({"identities":3})").status == 400);
    CHECK(world.client.response("POST", calls + "addIdentities", R"({"identities":[{"locked":true}]})").status == 400);
    CHECK(world.client.response("POST", calls + "listIdentities", R"({"limit":0})").status == 400);
    CHECK(world.client.response("POST", calls + "updateIdentities", R"({"identities":["z"]})").status == 404);
    CHECK(world.client.response("GET", calls + "getIdentity").status == 405);
}

}  // namespace
