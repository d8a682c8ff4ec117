#pragma once
// Goes through stored blocks for whoever asks: the events that a filter lets through, oldest first.

#include "server/journal/event_codec.h"
#include "server/journal/filter.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

namespace journal {

// Return false to stop behind this event. The event's views end with the call.
using Visitor = std::function<bool(const Recorded& recorded)>;

struct ScanResult {
    std::int64_t last_cursor = 0;  // of the last event that was looked at, passed or not: read on after it; 0: none
    bool stopped = false;          // by the visitor
    bool damaged = false;          // the block's rest cannot be read
};

// The events of one block with a cursor greater than `after`. Concatenated blocks are one block. `cut`: as EventReader
// takes it.
ScanResult scan(std::string_view block, const Filter& filter, std::int64_t after, const Visitor& visit,
                std::uint64_t cut = 0);

}  // namespace journal
