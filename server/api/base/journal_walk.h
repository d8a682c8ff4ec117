#pragma once
// Walks the journal in slices of a few milliseconds, so that a query over a million events delays no device: call
// walk_slice() again in another loop turn while it returns goes_on. Of a message of more than 4 MiB only the first MiB
// is seen. Loop thread only.

#include "server/control/journal_port.h"
#include "server/journal/scan.h"

#include <cstdint>

namespace api {

enum class Walk : std::uint8_t {
    goes_on,  // there is more to look at
    end,      // all committed events were looked at
    stopped,  // by the visitor
};

// The visitor's work per event: a little, or writing it as JSON. A slice ends after about a millisecond of it, by the
// clock too, because a visitor may search long texts for a slow pattern.
enum class Visit : std::uint8_t { light, heavy };

// Passes the events after `cursor` that match the filter to `visit`, oldest first, and moves `cursor` to the last event
// looked at. Only committed events are seen.
Walk walk_slice(device::JournalPort& journal, const journal::Filter& filter, std::int64_t& cursor, Visit weight,
                const journal::Visitor& visit);

}  // namespace api
