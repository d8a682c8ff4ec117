#include "server/api/event_page.h"

#include "server/journal/event_json.h"
#include "server/journal/scan.h"

#include <algorithm>

namespace api {

namespace {

constexpr std::uint32_t blocks_at_once = 16;
constexpr std::size_t most_page_bytes = 16 * 1024 * 1024;

}  // namespace

EventPage read_events(device::ControlPort& control, const EventQuery& query) {
    EventPage page;
    page.next = query.after;
    std::size_t bytes = 0;
    const auto take = [&](const journal::Recorded& recorded) {
        std::string json;
        journal::append_json(json, recorded);
        bytes += json.size();
        page.events.push_back({recorded.cursor, std::move(json)});
        return page.events.size() < query.limit && bytes < most_page_bytes;
    };
    while (true) {
        const auto blocks = control.journal_blocks(page.next, blocks_at_once);
        if (blocks.empty()) return page;
        for (const storage::JournalBlock& block : blocks) {
            const auto result = journal::scan(block.bytes, query.filter, page.next, take);
            if (result.stopped) {
                page.next = result.last_cursor;
                return page;
            }
            // A damaged rest is stepped over, so that reading goes on.
            page.next = std::max(page.next, block.last_cursor);
        }
    }
}

}  // namespace api
