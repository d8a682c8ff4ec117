#include "server/api/event_page.h"

#include "server/journal/event_json.h"

namespace api {

namespace {

constexpr std::size_t most_page_bytes = 16 * 1024 * 1024;

}  // namespace

Walk read_events(device::ControlPort& control, const EventQuery& query, EventPage& page) {
    return walk_slice(control, query.filter, page.next, Visit::heavy, [&](const journal::Recorded& recorded) {
        std::string json;
        journal::append_json(json, recorded);
        page.bytes += json.size();
        page.events.push_back({recorded.cursor, std::move(json)});
        return page.events.size() < query.limit && page.bytes < most_page_bytes;
    });
}

}  // namespace api
