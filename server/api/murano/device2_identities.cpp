// /api:1/service/{connector}/device2/identity/…: the devices of a connector.
#include "server/api/base/handlers.h"
#include "server/api/murano/identity_json.h"
#include "server/api/murano/identity_query.h"

namespace api {

namespace {

Outcome list(Services& services, const Request& request) {
    const auto query = read_identity_query(
        [&](std::string_view name) -> std::optional<std::string> {
            const auto found = request.head->query_value(name);
            return found ? std::optional<std::string>(*found) : std::nullopt;
        },
        "?");
    if (const auto* error = std::get_if<Error>(&query)) return *error;
    return identity_list(services, request.param("connector"), std::get<device::IdentityQuery>(query));
}

Outcome show(Services& services, const Request& request) {
    return one_identity(services, request.param("connector"), request.param("identity"));
}

Outcome write(Services& services, const Request& request, bool create) {
    JsonBody body(request.body, config::KeyMode::lenient, create);
    const device::IdentityChange change = read_identity_change(body);
    if (auto error = body.error()) return *error;
    const std::string& connector = request.param("connector");
    const std::string& identity = request.param("identity");
    return done(create ? services.identities.put_identity(connector, identity, change)
                       : services.identities.patch_identity(connector, identity, change));
}

constexpr const char* change_schema =
    R"({"type":"object","properties":{"locked":{"type":"boolean"},"auth":{"type":"object","properties":{"type":{"type":"string","enum":["token","password","certificate"]},"key":{"type":"string"},"expire":{"type":"integer","description":"µs since 1970; 0 revokes"}}},"tags":{"type":"array","items":{"type":"object","properties":{"name":{"type":"string"},"value":{"type":"string"}}}}}})";

Route list_route(Services& services, const std::string& path) {
    Route get{"GET", path, Family::murano, "The devices, by last seen, newest first"};
    get.query = {{"limit", "integer", "at most so many, default 50"},
                 {"before", "integer", "last seen before this, µs"},
                 {"status", "string", "whitelisted, provisioned, locked, devmode, reprovision or expired"},
                 {"identity", "string", "regular expression, RE2's syntax, at most 256 bytes"},
                 {"tag", "string", "name or name:value"}};
    get.answers = {{200, "mayLoadMore and devices", "application/json"}};
    get.handler = [&services](const Request& request) { return list(services, request); };
    return get;
}

}  // namespace

void add_device2_identity_routes(Routes& routes, Services& services) {
    const std::string collection = "/api:1/service/{connector}/device2/identity";
    const std::string path = collection + "/{identity}";
    routes.push_back(list_route(services, collection + '/'));

    Route get{"GET", path, Family::murano, "One device"};
    get.answers = {{200, "identity", "application/json"}, {404, "unknown", "application/json"}};
    get.handler = [&services](const Request& request) { return show(services, request); };
    routes.push_back(std::move(get));

    Route put{"PUT", path, Family::murano, "Makes a device (whitelists it) or changes it"};
    put.body = BodyKind::optional_json;
    put.body_schema = change_schema;
    put.answers = {{204, "done", ""},
                   {400, "bad identity or setting", "application/json"},
                   {507, "limits.max_identities is reached", "application/json"}};
    put.handler = [&services](const Request& request) { return write(services, request, true); };
    routes.push_back(std::move(put));

    Route patch{"PATCH", path, Family::murano, "Locks, unlocks, revokes or tags a device"};
    patch.body = BodyKind::json;
    patch.body_schema = change_schema;
    patch.answers = {{204, "done", ""}, {404, "unknown", "application/json"}};
    patch.handler = [&services](const Request& request) { return write(services, request, false); };
    routes.push_back(std::move(patch));

    Route remove{"DELETE", path, Family::murano, "Deletes a device with its state, sessions and uploads"};
    remove.answers = {{205, "done", ""}, {404, "unknown", "application/json"}};
    remove.handler = [&services](const Request& request) {
        return done(services.identities.delete_identity(request.param("connector"), request.param("identity")), 205);
    };
    routes.push_back(std::move(remove));
}

}  // namespace api
