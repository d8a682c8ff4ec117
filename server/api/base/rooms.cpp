#include "server/api/base/rooms.h"

#include <string>

namespace api {
namespace {

Error no_place(std::string_view limit) {
    return {
        503, "busy", "as many of these are running already as " + std::string(limit) + " allows: try again later", {}};
}

}  // namespace

Outcome in_room(std::optional<runtime::Places>& room, std::string_view limit, const std::function<Outcome()>& answer) {
    auto outcome = answer();
    auto* response = std::get_if<net::HttpResponse>(&outcome);
    if (auto* stream = std::get_if<net::EventStream>(&outcome)) response = &stream->head;
    if (!room || response == nullptr || (!response->file && !response->stream)) return outcome;
    response->place = room->take();
    if (response->place == nullptr) return no_place(limit);
    return outcome;
}

SinkOutcome in_upload_room(Services& services, const std::function<SinkOutcome()>& begin) {
    auto place = services.rooms.uploads ? services.rooms.uploads->take() : nullptr;
    if (services.rooms.uploads && place == nullptr) return no_place("limits.max_uploads");
    auto outcome = begin();
    if (auto* sink = std::get_if<std::unique_ptr<BodySink>>(&outcome)) (*sink)->hold(std::move(place));
    return outcome;
}

}  // namespace api
