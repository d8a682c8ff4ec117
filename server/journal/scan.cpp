#include "server/journal/scan.h"

namespace journal {

ScanResult scan(std::string_view block, const Filter& filter, std::int64_t after, const Visitor& visit,
                std::uint64_t cut) {
    ScanResult result;
    EventReader reader(block, cut);
    while (const std::optional<Recorded> recorded = reader.next()) {
        if (recorded->cursor <= after) continue;
        result.last_cursor = recorded->cursor;
        if (!matches(filter, recorded->event)) continue;
        if (!visit(*recorded)) {
            result.stopped = true;
            return result;
        }
    }
    result.damaged = reader.damaged();
    return result;
}

}  // namespace journal
