#include "server/api/base/handlers.h"
#include "tests/support/api_client.h"

#include <doctest/doctest.h>

using test::ApiWorld;

namespace {

const std::string path = "/_emulator/v1/snapshots";

// The answer of a task, which waits where it is not done.
std::string said(ApiWorld& world, const std::string& method, const std::string& target, const std::string& body = "") {
    auto answer = world.client.ask(method, target, body, {{"Content-Type", "application/octet-stream"}});
    if (auto* poll = std::get_if<net::LongPoll>(&answer)) answer = std::get<net::HttpResponse>(poll->poll(false));
    const auto& response = std::get<net::HttpResponse>(answer);
    return std::to_string(response.status) + (response.body.empty() ? "" : " " + response.body);
}

}  // namespace

TEST_CASE("snapshots are listed, saved, loaded, taken and removed") {
    ApiWorld world;
    CHECK(said(world, "GET", path) ==
          R"(200 {"snapshots":[{"name":"first","bytes":4096,"saved_us":1000000,"version":2}]})");
    CHECK(said(world, "POST", path + "/a") == "201");
    CHECK(said(world, "POST", path + "/a/load") == "204");
    CHECK(said(world, "PUT", path + "/a/file", "the bytes") == "204");
    CHECK(said(world, "DELETE", path + "/a") == "204");
    CHECK(world.control.calls ==
          std::vector<std::string>{"save_snapshot a", "load_snapshot a", "import_snapshot a", "delete_snapshot a"});
    CHECK(world.control.files() == 0);
}

TEST_CASE("what a task could not do is the answer") {
    ApiWorld world;
    world.control.fails = device::ControlError{device::ErrorKind::newer_version, "It is newer.", {}};
    CHECK(said(world, "POST", path + "/a/load") ==
          R"(409 {"error":{"code":"newer_version","message":"It is newer.","path":""}})");
    CHECK(said(world, "GET", path + "/a/file").starts_with("404 "));
    CHECK(said(world, "PUT", path + "/a%20b/file", "x").starts_with("400 "));
    CHECK(world.control.calls.empty());
}
