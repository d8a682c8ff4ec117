// /api:1/service/{connector}/device2/identity/…: the devices of a connector.
#include "config/names.h"
#include "server/api/handlers.h"
#include "server/api/identity_json.h"

#include <algorithm>
#include <array>

#include <boost/regex.hpp>

namespace api {

using config::JsonNode;

namespace {

constexpr std::array<std::string_view, 6> statuses{"whitelisted", "provisioned", "locked",
                                                   "devmode",     "reprovision", "expired"};

JsonNode shown(Services& services, const std::string& connector, const device::IdentityView& view) {
    const auto state = services.control.state(connector, view.row.identity);
    const auto type = config::to_string(services.control.connector_settings(connector).provisioning.auth_type);
    return identity_json(view, state.value_or(std::vector<device::StateEntry>{}), type);
}

// `tag` is "name" or "name:value", or JSON {"name","value"} as Lua callers write it.
void read_tag(const std::string& text, device::IdentityQuery& query) {
    const auto parsed = config::parse_json(text, config::JsonDialect::strict);
    if (parsed.root && parsed.root->is(JsonNode::Kind::object)) {
        if (const JsonNode* name = parsed.root->find("name")) query.tag_name = name->text;
        if (const JsonNode* value = parsed.root->find("value")) query.tag_value = value->text;
        return;
    }
    const auto colon = text.find(':');
    query.tag_name = text.substr(0, colon);
    if (colon != std::string::npos) query.tag_value = text.substr(colon + 1);
}

// Why the text is no regular expression that may be used here; empty: it is one.
std::string pattern_error(const std::string& pattern) {
    constexpr std::size_t longest = 256;
    if (pattern.size() > longest) return "the pattern is longer than 256 characters";
    const boost::regex compiled(pattern, boost::regex::perl | boost::regex::no_except);
    return compiled.status() == 0 ? std::string() : "the pattern is no regular expression";
}

std::variant<device::IdentityQuery, device::ControlError> read_query(const Request& request) {
    device::IdentityQuery query;
    const auto limit = query_integer(request, "limit", query.limit, 1, 10'000);
    if (const auto* error = std::get_if<device::ControlError>(&limit)) return *error;
    query.limit = static_cast<std::uint32_t>(std::get<std::int64_t>(limit));
    if (request.head->query_value("before")) {
        const auto before = query_integer(request, "before", 0, 0, INT64_MAX);
        if (const auto* error = std::get_if<device::ControlError>(&before)) return *error;
        query.before_us = std::get<std::int64_t>(before);
    }
    query.status = request.query("status");
    if (!query.status.empty() && std::find(statuses.begin(), statuses.end(), query.status) == statuses.end()) {
        return bad_request("a status is whitelisted, provisioned, locked, devmode, reprovision or expired", "?status");
    }
    query.pattern = request.query("identity");
    if (const auto error = pattern_error(query.pattern); !error.empty()) return bad_request(error, "?identity");
    read_tag(request.query("tag"), query);
    return query;
}

Outcome list(Services& services, const Request& request) {
    const auto query = read_query(request);
    if (const auto* error = std::get_if<device::ControlError>(&query)) return *error;
    const std::string& connector = request.param("connector");
    const auto page = services.control.identities(connector, std::get<device::IdentityQuery>(query));
    JsonNode devices = JsonNode::array();
    for (const device::IdentityView& view : page.devices) devices.items.push_back(shown(services, connector, view));
    JsonNode answer = JsonNode::object({{"mayLoadMore", JsonNode::of(page.may_load_more)}});
    answer.put("devices", std::move(devices));
    return json_response(answer);
}

Outcome show(Services& services, const Request& request) {
    const std::string& connector = request.param("connector");
    const auto view = services.control.identity(connector, request.param("identity"));
    if (!view) return not_found("no such identity");
    return json_response(shown(services, connector, *view));
}

Outcome write(Services& services, const Request& request, bool create) {
    JsonBody body(request.body, config::KeyMode::lenient, create);
    const device::IdentityChange change = read_identity_change(body);
    if (auto error = body.error()) return *error;
    const std::string& connector = request.param("connector");
    const std::string& identity = request.param("identity");
    return done(create ? services.control.put_identity(connector, identity, change)
                       : services.control.patch_identity(connector, identity, change));
}

constexpr const char* change_schema =
    R"({"type":"object","properties":{"locked":{"type":"boolean"},"auth":{"type":"object","properties":{"type":{"type":"string","enum":["token","password","certificate"]},"key":{"type":"string"},"expire":{"type":"integer","description":"µs since 1970; 0 revokes"}}},"tags":{"type":"array","items":{"type":"object","properties":{"name":{"type":"string"},"value":{"type":"string"}}}}}})";

Route list_route(Services& services, const std::string& path) {
    Route get{"GET", path, Family::murano, "The devices, by last seen, newest first"};
    get.query = {{"limit", "integer", "at most so many, default 50"},
                 {"before", "integer", "last seen before this, µs"},
                 {"status", "string", "whitelisted, provisioned, locked, devmode, reprovision or expired"},
                 {"identity", "string", "regular expression"},
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
    put.answers = {{204, "done", ""}, {400, "bad identity or setting", "application/json"}};
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
        return done(services.control.delete_identity(request.param("connector"), request.param("identity")), 205);
    };
    routes.push_back(std::move(remove));
}

}  // namespace api
