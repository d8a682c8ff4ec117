#pragma once
// Reads the journal in pages.

#include "server/api/base/journal_walk.h"
#include "server/journal/filter.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace api {

struct EventQuery {
    journal::Filter filter;
    std::int64_t after = 0;  // cursor; 0: from the oldest kept event
    std::size_t limit = 1000;
    std::size_t most_payload = 0;  // bytes shown of each event's payload
    std::size_t most_bytes = 0;    // of text; the page ends there
};

struct EventPage {
    struct Entry {
        std::int64_t cursor = 0;
        std::string json;
    };
    std::vector<Entry> events;  // oldest first
    std::int64_t next = 0;      // cursor to continue from: all events up to it were looked at
    std::size_t bytes = 0;      // of text
};

// Adds a slice to a page; at first its `next` is query.after. `stopped`: the page is full, in events or bytes.
Walk read_events(device::JournalPort& journal, const EventQuery& query, EventPage& page);

}  // namespace api
