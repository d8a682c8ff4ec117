#include "server/api/base/journal_walk.h"

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace api {

namespace {

// About a millisecond each: bytes decoded, events written as JSON.
constexpr std::size_t slice_bytes = 64 * 1024;
constexpr std::size_t slice_events = 400;
constexpr std::chrono::milliseconds slice_time{1};

}  // namespace

Walk walk_slice(device::JournalPort& journal, const journal::Filter& filter, std::int64_t& cursor, Visit weight,
                const journal::Visitor& visit) {
    const auto until = std::chrono::steady_clock::now() + slice_time;
    const auto in_time = [until] { return std::chrono::steady_clock::now() < until; };
    std::size_t bytes = 0;
    std::size_t shown = 0;
    bool wanted = true;
    const auto counting = [&](const journal::Recorded& recorded) {
        wanted = visit(recorded);
        return wanted && (weight == Visit::light || ++shown < slice_events) && in_time();
    };
    while (bytes == 0 || (bytes < slice_bytes && in_time())) {
        const auto next = journal.journal_beginning(cursor);
        if (!next) return Walk::end;
        const storage::JournalBlock& block = *next;
        const auto result = journal::scan(block.bytes, filter, cursor, counting, block.cut);
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
