// The two steps of uploading and downloading content: first a link, then the bytes.
#include "config/content_names.h"
#include "server/api/base/handlers.h"
#include "server/api/base/rooms.h"
#include "server/api/content/sink.h"
#include "server/api/content/version.h"
#include "server/http/multipart.h"

#include <algorithm>

namespace api {

using config::JsonNode;

namespace {

constexpr std::int64_t default_upload_s = 600;
constexpr std::int64_t most_upload_s = 604'800;  // a week

Outcome upload_link(Services& services, const Request& request) {
    const auto expires = query_integer(request, "expires_in", default_upload_s, 1, most_upload_s);
    if (const auto* error = std::get_if<Error>(&expires)) return *error;
    if (!config::is_content_id(request.param("id"))) return bad_request(config::content_id_rule, "id");
    const UploadTerms terms{net::lower_case(request.query("sha256")), request.query("type"), request.query("tags")};
    if (!config::is_media_type(terms.mime)) return bad_request(config::media_type_rule, "?type");
    if (!terms.tags_json.empty()) {
        const auto tags = config::parse_json(terms.tags_json, config::JsonDialect::strict);
        if (!tags.faults.empty() || !tags.root || !tags.root->is(JsonNode::Kind::object)) {
            return bad_request("must be a JSON object", "?tags");
        }
    }
    const std::string& connector = request.param("connector");
    const std::string& id = request.param("id");
    const std::string url =
        services.urls.upload(request_base(request), connector, id, services.clock.clock(connector).now_us,
                             std::get<std::int64_t>(expires), terms);
    return json_response(JsonNode::object({{"id", JsonNode::of(id)},
                                           {"url", JsonNode::of(url)},
                                           {"method", JsonNode::of("POST")},
                                           {"enctype", JsonNode::of("multipart/form-data")},
                                           {"field", JsonNode::of("file")},
                                           {"inputs", JsonNode::object({{"key", JsonNode::of(id)}})}}));
}

// Also for an id that does not exist, as Murano: fetching the link then tells.
Outcome download_link(Services& services, const Request& request) {
    const std::string& connector = request.param("connector");
    const std::string& id = request.param("id");
    const std::string url =
        services.urls.download(request_base(request), connector, id, services.clock.clock(connector).now_us);
    return json_response(
        JsonNode::object({{"id", JsonNode::of(id)}, {"url", JsonNode::of(url)}, {"method", JsonNode::of("GET")}}));
}

SinkOutcome begin_upload(Services& services, const Request& request) {
    const std::string& connector = request.param("connector");
    const std::int64_t now_us = services.clock.clock(connector).now_us;
    const auto link =
        services.urls.check(ContentAction::upload, connector, request.param("id"), request.head->query, now_us);
    if (link.verdict != LinkVerdict::valid) return Error{403, "forbidden", link.cause, {}};
    if (auto error = refuse_condition(services, *request.head, connector, request.param("id"))) return *error;
    return std::make_unique<FormUpload>(services, connector, request.param("id"),
                                        ContentUrls::terms(request.head->query),
                                        *net::multipart_boundary(request.head->field("Content-Type")));
}

Route upload_route(Services& services) {
    Route route{"POST", "/content/{connector}/{id+}", Family::plain, "Second step of an upload: the file, by its link"};
    route.query = {{"expires", "integer", "from the link"}, {"signature", "string", "from the link"}};
    route.body = BodyKind::form_data;
    route.access = Access::signature;
    route.body_limit = services.options.max_content_bytes + 1024 * 1024;  // the form around the file
    route.answers = {{204, "stored", ""},
                     {400, "no file, or not the announced one", "text/plain"},
                     {403, "the link is forged or has expired", "text/plain"},
                     {412, "the condition does not hold (If-Match, If-None-Match)", "text/plain"},
                     {413, "too large", "text/plain"},
                     {503, "limits.max_uploads is reached; Retry-After says when to try again", "text/plain"}};
    route.sink = [&services](const Request& request) {
        return in_upload_room(services, [&] { return begin_upload(services, request); });
    };
    return route;
}

}  // namespace

void add_content_link_routes(Routes& routes, Services& services) {
    const std::string item = "/api:1/service/{connector}/content/item/{id+}";
    Route upload{"GET", item + "/upload", Family::murano, "First step of an upload: where to send the file"};
    upload.query = {{"sha256", "string", "of the file; other bytes are then refused"},
                    {"expires_in", "integer", "seconds, default 600"},
                    {"type", "string", "media type"},
                    {"tags", "string", "JSON object"}};
    upload.answers = {{200, "id, url, method, enctype, field, inputs", "application/json"}};
    upload.handler = [&services](const Request& request) { return upload_link(services, request); };
    routes.push_back(std::move(upload));

    Route download{"GET", item + "/download", Family::murano, "First step of a download: a signed link"};
    download.answers = {{200, "id, url, method", "application/json"}};
    download.handler = [&services](const Request& request) { return download_link(services, request); };
    routes.push_back(std::move(download));
    routes.push_back(upload_route(services));
}

}  // namespace api
