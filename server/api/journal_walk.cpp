#include "server/api/journal_walk.h"

#include <algorithm>
#include <cstddef>

namespace api {

namespace {

// About a millisecond each: bytes decoded, events written as JSON.
constexpr std::size_t slice_bytes = 64 * 1024;
constexpr std::size_t slice_events = 400;

}  // namespace

Walk walk_slice(device::ControlPort& control, const journal::Filter& filter, std::int64_t& cursor, Visit weight,
                const journal::Visitor& visit) {
    std::size_t bytes = 0;
    std::size_t shown = 0;
    bool wanted = true;
    const auto counting = [&](const journal::Recorded& recorded) {
        wanted = visit(recorded);
        return wanted && (weight == Visit::light || ++shown < slice_events);
    };
    while (bytes < slice_bytes) {
        const auto blocks = control.journal_blocks(cursor, 1);
        if (blocks.empty()) return Walk::end;
        const storage::JournalBlock& block = blocks.front();
        const auto result = journal::scan(block.bytes, filter, cursor, counting);
        if (result.stopped) {
            cursor = result.last_cursor;
            return wanted ? Walk::goes_on : Walk::stopped;
        }
        // A damaged rest is stepped over, so that reading goes on.
        cursor = std::max(cursor, block.last_cursor);
        bytes += block.bytes.size();
    }
    return Walk::goes_on;
}

}  // namespace api
