// GET /content/{connector}/{id}: the bytes behind a signed link, on the device port and on the control port. [R60]
#include "server/api/handlers.h"
#include "server/api/rooms.h"
#include "server/net/http_range.h"

namespace api {

namespace {

Outcome download(Services& services, const Request& request, bool device_port) {
    const std::string& connector = request.param("connector");
    const std::string& id = request.param("id");
    const std::int64_t now_us = services.control.clock(connector).now_us;
    const auto verdict = services.urls.check(ContentAction::download, connector, id, request.head->query, now_us);
    if (verdict == LinkVerdict::forged) return device::ControlError{403, "forbidden", "this link is not signed", {}};
    if (verdict == LinkVerdict::expired) return device::ControlError{403, "expired", "this link has expired", {}};
    // A link holds for its connector's host name only; SNI, not Host, says which that is.
    if (device_port && request.peer.connector != connector) {
        return device::ControlError{403, "forbidden", "this link belongs to another connector", {}};
    }
    const auto row = services.control.content_item(connector, id);
    if (!row) return not_found("no such content item");
    const net::FileVersion version{'"' + row->sha256 + '"', row->last_modified_us, row->length};
    return net::file_response(*request.head, version, (services.control.content_dir() / row->file).string(), row->mime);
}

}  // namespace

void add_content_download_route(Routes& routes, Services& services, bool device_port) {
    Route get{"GET", "/content/{connector}/{id+}", Family::plain, "Second step of a download: the file, by its link"};
    get.query = {{"expires", "integer", "from the link"}, {"signature", "string", "from the link"}};
    get.access = Access::signature;
    get.answers = {{200, "the file", "application/octet-stream"},
                   {206, "the part that Range asks for", "application/octet-stream"},
                   {304, "unchanged (If-None-Match)", ""},
                   {403, "the link is forged, has expired or belongs to another connector", "text/plain"},
                   {404, "unknown", "text/plain"},
                   {416, "no such range", ""},
                   {503, "limits.max_downloads is reached; Retry-After tells when to come back", "text/plain"}};
    get.handler = [&services, device_port](const Request& request) {
        return in_room(services.rooms.downloads, "limits.max_downloads",
                       [&] { return download(services, request, device_port); });
    };
    routes.push_back(std::move(get));
}

}  // namespace api
