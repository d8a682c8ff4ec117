// /api:1/service/{connector}/content/item: what a connector offers to its devices. [R60]
#include "server/api/base/handlers.h"

#include <array>
#include <cstdio>
#include <ctime>

namespace api {

using config::JsonNode;

namespace {

std::string iso_8601(std::int64_t time_us) {
    const std::time_t seconds = time_us / 1'000'000;
    std::tm utc{};
    if (gmtime_r(&seconds, &utc) == nullptr) return {};
    std::array<char, 80> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", utc.tm_year + 1900, utc.tm_mon + 1,
                  utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec, static_cast<int>(time_us / 1000 % 1000));
    return text.data();
}

JsonNode item_json(const storage::ContentRow& row) {
    JsonNode item = JsonNode::object({{"id", JsonNode::of(row.id)},
                                      {"type", JsonNode::of(row.mime)},
                                      {"length", number_node(static_cast<std::int64_t>(row.length))},
                                      {"last_modified", JsonNode::of(iso_8601(row.last_modified_us))}});
    if (row.tags_json.empty()) return item;
    auto tags = config::parse_json(row.tags_json, config::JsonDialect::strict);
    if (tags.root) item.put("tags", std::move(*tags.root));
    return item;
}

Outcome list(Services& services, const Request& request) {
    const bool full = request.query("full") == "true";
    JsonNode items = JsonNode::array();
    for (const storage::ContentRow& row : services.content.content(request.param("connector"))) {
        items.items.push_back(full ? item_json(row) : JsonNode::of(row.id));
    }
    return json_response(items);
}

Outcome show(Services& services, const Request& request) {
    const auto row = services.content.content_item(request.param("connector"), request.param("id"));
    if (!row) return not_found("no such content item");
    return json_response(item_json(*row));
}

Outcome remove_all(Services& services, const Request& request) {
    const std::string& connector = request.param("connector");
    JsonNode ids = JsonNode::array();
    for (const storage::ContentRow& row : services.content.content(connector)) {
        if (auto failure = services.content.delete_content(connector, row.id)) return std::move(*failure);
        ids.items.push_back(JsonNode::of(row.id));
    }
    return json_response(ids);
}

}  // namespace

void add_content_item_routes(Routes& routes, Services& services) {
    const std::string collection = "/api:1/service/{connector}/content/item";
    Route get_all{"GET", collection, Family::murano, "The content items"};
    get_all.query = {{"full", "boolean", "true: objects, else ids only"}};
    get_all.answers = {{200, "array", "application/json"}};
    get_all.handler = [&services](const Request& request) { return list(services, request); };
    routes.push_back(std::move(get_all));

    Route clear{"DELETE", collection, Family::murano, "Deletes all content items"};
    clear.answers = {{200, "their ids", "application/json"}};
    clear.handler = [&services](const Request& request) { return remove_all(services, request); };
    routes.push_back(std::move(clear));

    Route get{"GET", collection + "/{id+}", Family::murano, "One content item"};
    get.answers = {{200, "id, type, length, last_modified, tags", "application/json"},
                   {404, "unknown", "application/json"}};
    get.handler = [&services](const Request& request) { return show(services, request); };
    routes.push_back(std::move(get));

    Route remove{"DELETE", collection + "/{id+}", Family::murano, "Deletes a content item"};
    remove.answers = {{204, "done", ""}, {404, "unknown", "application/json"}};
    remove.handler = [&services](const Request& request) {
        return done(services.content.delete_content(request.param("connector"), request.param("id")));
    };
    routes.push_back(std::move(remove));
}

}  // namespace api
