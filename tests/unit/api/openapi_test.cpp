#include "server/api/base/openapi.h"

#include "config/json_tree.h"
#include "server/api/base/handlers.h"
#include "server/api/base/router.h"
#include "tests/support/api_client.h"

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include <doctest/doctest.h>

using config::JsonNode;

namespace {

using Operations = std::set<std::pair<std::string, std::string>>;

JsonNode served(test::ApiWorld& world) {
    const auto answer = world.client.response("GET", "/_emulator/v1/openapi.json");
    REQUIRE(answer.status == 200);
    auto parsed = config::parse_json(answer.body, config::JsonDialect::strict);
    REQUIRE(parsed.faults.empty());
    return std::move(*parsed.root);
}

}  // namespace

TEST_CASE("every route is described, and nothing else") {
    test::ApiWorld world;
    Operations routes;
    for (const api::Route& route : api::control_routes(world.services)) {
        const bool fresh = routes.emplace(net::lower_case(route.method), api::openapi_path(route.pattern)).second;
        CAPTURE(route.pattern);
        CHECK(fresh);
    }
    Operations described;
    const JsonNode document = served(world);
    for (const auto& path : document.find("paths")->members) {
        for (const auto& operation : path.value.members) described.emplace(operation.key, path.key);
    }
    CHECK(described == routes);
}

TEST_CASE("every description is whole: summary, a name of its own, answers with words, parameters of the path") {
    test::ApiWorld world;
    const JsonNode document = served(world);
    std::set<std::string> ids;
    CHECK(document.find("openapi")->text == "3.0.3");
    for (const auto& path : document.find("paths")->members) {
        const auto placeholders = std::count(path.key.begin(), path.key.end(), '{');
        for (const auto& operation : path.value.members) {
            CAPTURE(path.key);
            CAPTURE(operation.key);
            CHECK_FALSE(operation.value.find("summary")->text.empty());
            const std::string& id = operation.value.find("operationId")->text;
            CHECK_MESSAGE(ids.insert(id).second, id);
            CHECK_MESSAGE(std::all_of(id.begin(), id.end(), [](unsigned char c) { return std::isalnum(c) != 0; }), id);
            CHECK_FALSE(operation.value.find("responses")->members.empty());
            const auto& parameters = operation.value.find("parameters")->items;
            const auto in_path = std::count_if(parameters.begin(), parameters.end(),
                                               [](const JsonNode& one) { return one.find("in")->text == "path"; });
            CHECK(in_path == placeholders);
        }
    }
}

TEST_CASE("the schemas in the routes are JSON") {
    test::ApiWorld world;
    for (const api::Route& route : api::control_routes(world.services)) {
        if (route.body_schema.empty()) continue;
        CAPTURE(route.pattern);
        CHECK(config::parse_json(route.body_schema, config::JsonDialect::strict).faults.empty());
    }
}

TEST_CASE("docs/openapi/openapi.json is what is served") {
    test::ApiWorld world;
    std::ifstream in(MURANO_SOURCE_DIR "/docs/openapi/openapi.json");
    std::ostringstream kept;
    kept << in.rdbuf();
    INFO("renew it: curl -o docs/openapi/openapi.json http://127.0.0.1:8080/_emulator/v1/openapi.json");
    const bool same = kept.str() == world.client.response("GET", "/_emulator/v1/openapi.json").body;
    CHECK(same);
}
