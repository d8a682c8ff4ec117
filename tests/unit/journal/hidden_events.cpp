#include "server/journal/hidden_events.h"

#include "server/journal/journal.h"

#include <vector>

#include <doctest/doctest.h>

using namespace journal;

namespace {

// Events of these connectors and identities, with cursors from 1.
std::string block_of(const std::vector<std::pair<std::string, std::string>>& whose) {
    Journal journal(0);
    for (const auto& [connector, identity] : whose) {
        Event event;
        event.connector = connector;
        event.identity = identity;
        journal.append(event);
    }
    return journal.take_blocks().front().bytes;
}

std::vector<std::int64_t> cursors(const std::string& block) {
    std::vector<std::int64_t> found;
    EventReader reader(block);
    while (const auto recorded = reader.next()) found.push_back(recorded->cursor);
    CHECK_FALSE(reader.damaged());
    return found;
}

using Cursors = std::vector<std::int64_t>;

const std::string four = block_of({{"a", "1"}, {"a", "2"}, {"b", "1"}, {"a", ""}});

}  // namespace

TEST_CASE("a reset hides the events of an identity, of a connector, or all, up to its cursor") {
    HiddenEvents hidden;
    CHECK(cursors(hidden.visible(four)) == Cursors{1, 2, 3, 4});
    hidden.hide("a", "1", 4);
    CHECK(cursors(hidden.visible(four)) == Cursors{2, 3, 4});
    hidden.hide("a", "", 2);
    CHECK(cursors(hidden.visible(four)) == Cursors{3, 4});
    CHECK(hidden.all_up_to() == 0);
    CHECK(hidden.none_behind() == 4);
    hidden.hide("", "", 3);
    CHECK(cursors(hidden.visible(four)) == Cursors{4});
    CHECK(hidden.all_up_to() == 3);
    hidden.clear();
    CHECK(cursors(hidden.visible(four)) == Cursors{1, 2, 3, 4});
}

TEST_CASE("a block is cut between events, and a damaged rest left out") {
    HiddenEvents hidden;
    hidden.hide("a", "", 4);
    CHECK(cursors(hidden.visible(four + four.substr(0, four.size() / 2))) == Cursors{3});
    CHECK(hidden.visible("").empty());
}
