#include "server/journal/hidden_events.h"

#include <algorithm>

namespace journal {

void HiddenEvents::hide(std::string_view connector, std::string_view identity, std::int64_t last_cursor) {
    highest_ = std::max(highest_, last_cursor);
    if (connector.empty()) {
        all_ = std::max(all_, last_cursor);
        connectors_.clear();
        return;
    }
    auto& marks = connectors_[std::string(connector)];
    if (identity.empty()) {
        marks = {last_cursor, {}};
    } else {
        marks.identities.insert_or_assign(std::string(identity), last_cursor);
    }
}

void HiddenEvents::clear() {
    *this = {};
}

bool HiddenEvents::hides(const Recorded& recorded) const {
    if (recorded.cursor <= all_) return true;
    if (recorded.cursor > highest_) return false;
    const auto marks = connectors_.find(recorded.event.connector);
    if (marks == connectors_.end()) return false;
    if (recorded.cursor <= marks->second.all) return true;
    const auto own = marks->second.identities.find(recorded.event.identity);
    return own != marks->second.identities.end() && recorded.cursor <= own->second;
}

std::string HiddenEvents::visible(std::string_view block) const {
    std::string shown;
    EventReader reader(block);
    EventWriter writer;  // a record may say that its subject stands in an earlier one, which may be hidden
    while (const auto recorded = reader.next()) {
        if (!hides(*recorded)) writer.append(shown, recorded->cursor, recorded->event);
    }
    return shown;
}

}  // namespace journal
