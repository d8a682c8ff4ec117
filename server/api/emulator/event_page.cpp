#include "server/api/emulator/event_page.h"

#include "server/journal/event_json.h"

namespace api {

Walk read_events(device::JournalPort& journal, const EventQuery& query, EventPage& page) {
    return walk_slice(journal, query.filter, page.next, Visit::heavy, [&](const journal::Recorded& recorded) {
        std::string json;
        journal::append_json(json, recorded, query.most_payload);
        page.bytes += json.size();
        page.events.push_back({recorded.cursor, std::move(json)});
        return page.events.size() < query.limit && page.bytes < query.most_bytes;
    });
}

}  // namespace api
