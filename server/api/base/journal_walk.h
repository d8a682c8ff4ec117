#pragma once
// Goes through the journal in slices of a few milliseconds, so that a question about a million events keeps no device
// waiting: call walk_slice() again in another loop turn while it says goes_on. Of a message of more than 4 MiB the
// first MiB is seen. Loop thread only.

#include "server/control/journal_port.h"
#include "server/journal/scan.h"

#include <cstdint>

namespace api {

enum class Walk : std::uint8_t {
    goes_on,  // there is more to look at
    end,      // everything that is committed was looked at
    stopped,  // by the visitor
};

// What the visitor does with an event: a little, or writing it as JSON. A slice ends after about a millisecond of it,
// by the clock too: a visitor may search long texts for a slow pattern.
enum class Visit : std::uint8_t { light, heavy };

// Shows `visit` the events after `cursor` that pass the filter, oldest first, and moves `cursor` to the last one that
// was looked at. Only what is committed is seen.
Walk walk_slice(device::JournalPort& journal, const journal::Filter& filter, std::int64_t& cursor, Visit weight,
                const journal::Visitor& visit);

}  // namespace api
