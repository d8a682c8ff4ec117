#include "server/journal/journal.h"

#include "server/journal/event_codec.h"
#include "server/journal/scan.h"
#include "tests/support/sample_events.h"
#include "tests/unit/journal/same_event.h"

#include <doctest/doctest.h>

using journal::EventType;
using journal::Journal;

namespace {

journal::Event at(std::int64_t timestamp_us) {
    journal::Event event = SampleEvents::base(EventType::connect);
    event.timestamp_us = timestamp_us;
    return event;
}

// The one block that there is; an empty one for none.
journal::Block take(Journal& journal) {
    auto blocks = journal.take_blocks();
    REQUIRE(blocks.size() <= 1);
    return blocks.empty() ? journal::Block{} : std::move(blocks.front());
}

std::vector<std::int64_t> cursors(std::string_view block, std::int64_t after, std::size_t limit = 1000,
                                  const journal::Filter& filter = {}) {
    std::vector<std::int64_t> seen;
    journal::scan(block, filter, after, [&](const journal::Recorded& recorded) {
        seen.push_back(recorded.cursor);
        return seen.size() < limit;
    });
    return seen;
}

}  // namespace

TEST_CASE("cursors go on behind the newest, and never back") {
    Journal journal(41);
    CHECK(journal.append(at(1)) == 42);
    CHECK(journal.append(at(1)) == 43);
    take(journal);
    CHECK(journal.append(at(1)) == 44);
    CHECK(journal.newest_cursor() == 44);
}

TEST_CASE("a giant payload is written into the memory that its sender filled") {
    Journal journal(10);
    journal.append(at(1));
    const std::string payload(1'000'000, 'g');
    std::string room;
    room.reserve(payload.size() + 4096);
    room.resize(payload.size());
    const auto* const memory = room.data();
    auto event = SampleEvents::base(EventType::publish);
    event.payload = journal::PublishPayload{"any/topic", payload, &room};
    CHECK(journal.append(event) == 12);
    CHECK(room.empty());
    CHECK(journal.append(at(1)) == 13);
    const auto blocks = journal.take_blocks();
    REQUIRE(blocks.size() == 3);
    CHECK(blocks[1].bytes.data() == memory);
    CHECK(cursors(blocks[1].bytes, 0) == std::vector<std::int64_t>{12});
}

TEST_CASE("memory that is smaller than the payload is left alone") {
    Journal journal(10);
    std::string room(10, ' ');
    auto event = SampleEvents::base(EventType::publish);
    event.payload = journal::PublishPayload{"any/topic", "longer than the ten bytes of it", &room};
    journal.append(event);
    CHECK(room.size() == 10);
    CHECK(cursors(take(journal).bytes, 0) == std::vector<std::int64_t>{11});
}

TEST_CASE("a block tells its cursors, its time range and its events") {
    Journal journal(10);
    journal.append(at(500));
    journal.append(at(100));  // the clock was set back
    journal.append(at(300));
    const journal::Block block = take(journal);
    CHECK(block.first_cursor == 11);
    CHECK(block.last_cursor == 13);
    CHECK(block.first_timestamp_us == 100);
    CHECK(block.last_timestamp_us == 500);
    CHECK(block.events == 3);
    CHECK(cursors(block.bytes, 0) == std::vector<std::int64_t>{11, 12, 13});
}

TEST_CASE("no events, no block") {
    Journal journal(0);
    CHECK(take(journal).events == 0);
    CHECK(take(journal).bytes.empty());
    journal.append(at(1));
    take(journal);
    CHECK(take(journal).events == 0);
    CHECK(journal.open_bytes() == 0);
}

TEST_CASE("a recycled block's memory is used again, and its old events do not come back") {
    Journal journal(0);
    for (int i = 0; i < 100; ++i) journal.append(at(i));
    journal::Block first = take(journal);
    const char* memory = first.bytes.data();
    journal.recycle(std::move(first.bytes));
    journal.append(at(1));
    take(journal);  // this one was open already; the next one takes the spare memory
    for (int i = 0; i < 50; ++i) journal.append(at(i));
    const journal::Block again = take(journal);
    CHECK(again.bytes.data() == memory);
    CHECK(cursors(again.bytes, 0).size() == 50);
    CHECK(cursors(again.bytes, 0).front() == 102);
}

TEST_CASE("what came is cut into blocks of bounded size, in order, with nothing lost") {
    Journal journal(0);
    const std::string payload(1'000, 'x');
    for (int i = 0; i < 200; ++i) {
        journal.append(SampleEvents::with(EventType::publish, journal::PublishPayload{"a", payload}));
    }
    const std::size_t waiting = journal.open_bytes();
    std::size_t bytes = 0;
    std::vector<std::int64_t> seen;
    for (const auto& block : journal.take_blocks()) {
        CHECK(block.bytes.size() < 70'000);
        CHECK(block.first_cursor == static_cast<std::int64_t>(seen.size()) + 1);
        const auto mine = cursors(block.bytes, 0);
        CHECK(mine.size() == block.events);
        CHECK(mine.back() == block.last_cursor);
        seen.insert(seen.end(), mine.begin(), mine.end());
        bytes += block.bytes.size();
    }
    CHECK(seen.size() == 200);
    CHECK(bytes == waiting);
    CHECK(journal.open_bytes() == 0);
}

TEST_CASE("giant blocks are not kept as spare memory") {
    Journal journal(0);
    const std::string large(1'000'000, 'x');
    journal.append(SampleEvents::with(EventType::publish, journal::PublishPayload{"a", large}));
    journal.recycle(take(journal).bytes);
    journal.append(at(1));
    take(journal);  // open already when the giant came back
    journal.append(at(1));
    CHECK(take(journal).bytes.capacity() < 10'000);
}

TEST_CASE("a scan starts behind a cursor, stops when told and says how far it looked") {
    Journal journal(0);
    for (int i = 0; i < 10; ++i) journal.append(at(i));
    const journal::Block block = take(journal);
    CHECK(cursors(block.bytes, 7) == std::vector<std::int64_t>{8, 9, 10});
    CHECK(cursors(block.bytes, 10).empty());
    CHECK(cursors(block.bytes, 0, 2) == std::vector<std::int64_t>{1, 2});

    const auto result = journal::scan(block.bytes, {}, 3, [](const journal::Recorded& r) { return r.cursor < 5; });
    CHECK(result.stopped);
    CHECK(result.last_cursor == 5);
    CHECK(!result.damaged);
}

TEST_CASE("events that a filter holds back count as looked at") {
    Journal journal(0);
    for (int i = 0; i < 5; ++i) journal.append(at(i));
    const journal::Block block = take(journal);
    journal::Filter filter;
    filter.to_us = 1;
    std::size_t seen = 0;
    const auto result = journal::scan(block.bytes, filter, 0, [&seen](const journal::Recorded&) {
        ++seen;
        return true;
    });
    CHECK(seen == 2);
    CHECK(result.last_cursor == 5);
    CHECK(!result.stopped);
}

TEST_CASE("a scan of a damaged block gives what can be read and says so") {
    Journal journal(0);
    for (int i = 0; i < 5; ++i) journal.append(at(i));
    std::string bytes = take(journal).bytes;
    bytes.resize(bytes.size() - 1);
    std::size_t seen = 0;
    const auto result = journal::scan(bytes, {}, 0, [&seen](const journal::Recorded&) {
        ++seen;
        return true;
    });
    CHECK(seen == 4);
    CHECK(result.damaged);
    CHECK(result.last_cursor == 4);
}
