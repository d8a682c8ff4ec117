// GET /content/{connector}/{id}: the bytes behind a signed link, on the device port and on the control port. [R60]
#include "server/api/base/handlers.h"
#include "server/api/base/refusals.h"
#include "server/api/base/rooms.h"
#include "server/api/content/version.h"
#include "server/http/range.h"

namespace api {

namespace {

constexpr unsigned no_such_range = 416;

Error forbidden(std::string cause) {
    return {403, "forbidden", std::move(cause), {}};
}

net::HttpResponse beyond_the_end(Services& services, const Request& request, bool device_port,
                                 const net::HttpResponse& bare, std::uint64_t length) {
    const Error error{no_such_range,
                      "no_such_range",
                      "no byte of this range is in the item, which has " + std::to_string(length) + " bytes",
                      {}};
    if (device_port) tell_refusals(services)(request.peer, request.head.get(), error);
    auto answer = error_response(Family::plain, error);
    for (const auto& field : bare.fields) answer.set(field.name, field.value);
    return answer;
}

Outcome download(Services& services, const Request& request, bool device_port) {
    const std::string& connector = request.param("connector");
    const std::string& id = request.param("id");
    const std::int64_t now_us = services.clock.clock(connector).now_us;
    const auto link = services.urls.check(ContentAction::download, connector, id, request.head->query, now_us);
    if (link.verdict != LinkVerdict::valid) return forbidden(link.cause);
    // A link holds for its connector's host name only; SNI, not Host, says which that is.
    if (device_port && request.peer.connector != connector) {
        return forbidden("this link belongs to connector " + connector + ", and the host name of this connection to " +
                         request.peer.connector);
    }
    const auto row = services.content.content_item(connector, id);
    if (!row) return not_found("there is no such content item, or no longer");
    auto response = net::file_response(*request.head, version_of(*row),
                                       (services.content.content_dir() / row->file).string(), row->mime);
    if (response.status == no_such_range) return beyond_the_end(services, request, device_port, response, row->length);
    if (!device_port) shield(response);
    return response;
}

}  // namespace

void add_content_download_route(Routes& routes, Services& services, bool device_port) {
    Route get{"GET", "/content/{connector}/{id+}", Family::plain, "Second step of a download: the file, by its link"};
    get.query = {{"expires", "integer", "from the link"}, {"signature", "string", "from the link"}};
    get.access = Access::signature;
    get.answers = {{200, "the file", "application/octet-stream"},
                   {206, "the part that Range asks for", "application/octet-stream"},
                   {304, "unchanged (If-None-Match, If-Modified-Since)", ""},
                   {403, "the link is forged, has expired or belongs to another connector", "text/plain"},
                   {404, "unknown", "text/plain"},
                   {412, "the condition does not hold (If-Match, If-Unmodified-Since)", ""},
                   {416, "no such range", "text/plain"},
                   {503, "limits.max_downloads is reached; Retry-After says when to try again", "text/plain"}};
    get.handler = [&services, device_port](const Request& request) {
        return in_room(services.rooms.downloads, "limits.max_downloads",
                       [&] { return download(services, request, device_port); });
    };
    routes.push_back(std::move(get));
}

}  // namespace api
