#pragma once
// Walks stored blocks: passes the events that match a filter, oldest first.

#include "server/journal/event_codec.h"
#include "server/journal/filter.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

namespace journal {

// Returns false to stop after this event. The event's views are valid for the call.
using Visitor = std::function<bool(const Recorded& recorded)>;

struct ScanResult {
    std::int64_t last_cursor = 0;  // of the last event looked at, matching or not: continue after it; 0: none
    bool stopped = false;          // by the visitor
    bool damaged = false;          // the rest of the block cannot be read
};

// The events of one block with a cursor greater than `after`. Concatenated blocks are one block. `cut`: as for
// EventReader.
ScanResult scan(std::string_view block, const Filter& filter, std::int64_t after, const Visitor& visit,
                std::uint64_t cut = 0);

}  // namespace journal
