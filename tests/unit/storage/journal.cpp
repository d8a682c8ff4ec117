#include "storage/journal_writer.h"
#include "tests/unit/storage/store_fixture.h"

#include <numeric>

#include <doctest/doctest.h>

namespace storage {

using namespace storage_test;

namespace {

constexpr std::uint32_t everything = 1'000'000;

std::vector<std::int64_t> range(std::int64_t first, std::int64_t last) {
    std::vector<std::int64_t> numbers(static_cast<std::size_t>(last - first + 1));
    std::iota(numbers.begin(), numbers.end(), first);
    return numbers;
}

Options with_caps(const TemporaryFolder& folder, std::uint64_t max_events, std::uint64_t max_bytes) {
    return {.file = folder.file(), .durability = Durability::off, .journal = {max_events, max_bytes}};
}

}  // namespace

TEST_CASE("an empty journal has no blocks and no cursors") {
    const TemporaryFolder folder;
    RunningStore running(folder);
    const JournalTotals totals = running.reader().journal_totals();
    CHECK(running.reader().journal(0, everything).empty());
    CHECK(totals.oldest_cursor == 0);
    CHECK(totals.newest_cursor == 0);
    CHECK(totals.events == 0);
    CHECK(totals.bytes == 0);
    CHECK(totals.dropped == 0);
}

TEST_CASE("a block comes back as it was") {
    const TemporaryFolder folder;
    RunningStore running(folder);
    const JournalBlock block = make_block(5, 3);
    running.journal(block);
    const auto blocks = running.reader().journal(0, 10);
    REQUIRE(blocks.size() == 1);
    CHECK(blocks[0].first_cursor == 5);
    CHECK(blocks[0].last_cursor == 7);
    CHECK(blocks[0].first_timestamp_us == 5000);
    CHECK(blocks[0].last_timestamp_us == 7000);
    CHECK(blocks[0].events == 3);
    CHECK(blocks[0].bytes == block.bytes);
}

TEST_CASE("a submission without events leaves the journal alone") {
    const TemporaryFolder folder;
    RunningStore running(folder);
    Submission submission;
    submission.journal.resize(1);
    submission.journal[0].first_cursor = 9;
    submission.journal[0].bytes = "left over";
    submission.changes.push_back(PutMeta{"a", "b"});
    REQUIRE(running.commit(std::move(submission)).ok);
    CHECK(running.reader().journal(0, everything).empty());
}

TEST_CASE("small neighbours grow together, in order, and across a restart") {
    const TemporaryFolder folder;
    for (int part = 0; part < 4; ++part) {
        RunningStore running(folder);
        for (int number = 0; number < 100; ++number) running.journal(make_block(1 + part * 100 + number, 1));
    }
    RunningStore running(folder);
    const auto blocks = running.reader().journal(0, everything);
    CHECK(blocks.size() == 2);  // 400 events of 16 bytes, at most 3900 bytes in a row
    CHECK(cursors_in(blocks) == range(1, 400));
    const JournalTotals totals = running.reader().journal_totals();
    CHECK(totals.oldest_cursor == 1);
    CHECK(totals.newest_cursor == 400);
    CHECK(totals.events == 400);
    CHECK(totals.bytes == 400 * 16);
    CHECK(totals.dropped == 0);
}

TEST_CASE("a grown block tells the widest range of time, also when the clock was set back") {
    const TemporaryFolder folder;
    RunningStore running(folder);
    JournalBlock block = make_block(1, 1);
    running.journal(block);
    block = make_block(2, 1);
    block.first_timestamp_us = block.last_timestamp_us = 10;
    running.journal(block);
    const auto blocks = running.reader().journal(0, 1);
    REQUIRE(blocks.size() == 1);
    CHECK(blocks[0].first_timestamp_us == 10);
    CHECK(blocks[0].last_timestamp_us == 1000);
}

TEST_CASE("large and small blocks stand side by side in order") {
    const TemporaryFolder folder;
    RunningStore running(folder);
    running.journal(make_block(1, 2));
    running.journal(make_block(3, 1, 2'000'000));
    running.journal(make_block(4, 2));
    running.journal(make_block(6, 3));
    CHECK(cursors_in(running.reader().journal(0, everything)) == range(1, 8));
    CHECK(running.reader().journal_totals().bytes == 7 * 16 + 2'000'000);
}

TEST_CASE("blocks are asked for by cursor, also in the middle of a block and over gaps") {
    const TemporaryFolder folder;
    RunningStore running(folder);
    running.journal(make_block(10, 5, 1000));   // 10..14
    running.journal(make_block(20, 5, 1000));   // 20..24
    running.journal(make_block(100, 5, 1000));  // 100..104
    const auto first_after = [&](std::int64_t after) -> std::int64_t {
        const auto blocks = running.reader().journal(after, 1);
        return blocks.empty() ? 0 : blocks[0].first_cursor;
    };
    CHECK(first_after(-1) == 10);
    CHECK(first_after(0) == 10);
    CHECK(first_after(9) == 10);
    CHECK(first_after(10) == 10);
    CHECK(first_after(13) == 10);
    CHECK(first_after(14) == 20);
    CHECK(first_after(19) == 20);
    CHECK(first_after(24) == 100);
    CHECK(first_after(103) == 100);
    CHECK(first_after(104) == 0);
    CHECK(first_after(INT64_MAX) == 0);
    CHECK(running.reader().journal(0, 2).size() == 2);
    CHECK(running.reader().journal(14, everything).size() == 2);
}

TEST_CASE("the cap on events drops the oldest whole blocks and counts them") {
    const TemporaryFolder folder;
    RunningStore running(with_caps(folder, 100, 1'000'000));
    for (int number = 0; number < 500; ++number) {
        running.journal(make_block(1 + number, 1));
        REQUIRE(running.reader().journal_totals().events <= 100);
    }
    const JournalTotals totals = running.reader().journal_totals();
    CHECK(totals.newest_cursor == 500);
    CHECK(totals.events >= 90);  // no more than a block is dropped too much
    CHECK(totals.events + totals.dropped == 500);
    CHECK(totals.oldest_cursor == 500 - static_cast<std::int64_t>(totals.events) + 1);
    CHECK(totals.bytes == totals.events * 16);
    CHECK(cursors_in(running.reader().journal(0, everything)) == range(totals.oldest_cursor, 500));
}

TEST_CASE("the cap on bytes drops the oldest whole blocks") {
    const TemporaryFolder folder;
    RunningStore running(with_caps(folder, 1'000'000, 20'000));
    for (int number = 0; number < 50; ++number) {
        running.journal(make_block(1 + number, 1, 1500));
        REQUIRE(running.reader().journal_totals().bytes <= 20'000);
    }
    const JournalTotals totals = running.reader().journal_totals();
    CHECK(totals.events == 13);
    CHECK(totals.dropped == 37);
}

TEST_CASE("the newest block stays, even if it is larger than the caps") {
    const TemporaryFolder folder;
    RunningStore running(with_caps(folder, 10, 1000));
    running.journal(make_block(1, 5));
    running.journal(make_block(6, 50, 100));
    JournalTotals totals = running.reader().journal_totals();
    CHECK(totals.events == 50);
    CHECK(totals.dropped == 5);
    running.journal(make_block(56, 1));
    totals = running.reader().journal_totals();
    CHECK(totals.events == 1);
    CHECK(totals.dropped == 55);
}

TEST_CASE("one large event makes room for itself among small ones") {
    const TemporaryFolder folder;
    RunningStore running(with_caps(folder, 1'000'000, 1'000'000));
    for (int number = 0; number < 300; ++number) running.journal(make_block(1 + number * 10, 10, 330));
    running.journal(make_block(3001, 1, 900'000));
    CHECK(running.reader().journal_totals().bytes <= 1'000'000);
    CHECK(running.reader().journal_totals().dropped > 2600);
}

TEST_CASE("a smaller cap after a restart is reached in small steps") {
    const TemporaryFolder folder;
    {
        RunningStore running(folder);
        for (int number = 0; number < 200; ++number) running.journal(make_block(1 + number, 1, 3000));
        REQUIRE(running.reader().journal(0, everything).size() == 200);
    }
    RunningStore running(with_caps(folder, 40, 536'870'912));
    CHECK(running.reader().journal_totals().events == 200);
    running.journal(make_block(201, 1, 3000));
    CHECK(running.reader().journal_totals().events == 193);  // eight a commit
    for (int number = 0; number < 40; ++number) running.journal(make_block(202 + number, 1, 3000));
    const JournalTotals totals = running.reader().journal_totals();
    CHECK(totals.events == 40);
    CHECK(totals.dropped == 201);
}

TEST_CASE("totals survive a restart") {
    const TemporaryFolder folder;
    JournalTotals before;
    {
        RunningStore running(with_caps(folder, 50, 1'000'000));
        for (int number = 0; number < 120; ++number) running.journal(make_block(1 + number, 1));
        before = running.reader().journal_totals();
    }
    RunningStore running(with_caps(folder, 50, 1'000'000));
    const JournalTotals after = running.reader().journal_totals();
    CHECK(after.oldest_cursor == before.oldest_cursor);
    CHECK(after.newest_cursor == before.newest_cursor);
    CHECK(after.events == before.events);
    CHECK(after.bytes == before.bytes);
    CHECK(after.dropped == before.dropped);
    CHECK(before.dropped > 0);
}

TEST_CASE("cursors that do not rise are refused") {
    const TemporaryFolder folder;
    RunningStore running(folder);
    REQUIRE(running.journal(make_block(5, 5)).ok);
    CHECK_FALSE(running.journal(make_block(9, 1)).ok);
    CHECK_FALSE(running.journal(make_block(1, 1)).ok);
    JournalBlock reversed = make_block(20, 2);
    reversed.last_cursor = 19;
    CHECK_FALSE(running.journal(reversed).ok);
    CHECK(running.reader().journal_totals().events == 5);
    CHECK(running.journal(make_block(10, 1)).ok);
}

TEST_CASE("values of a refused submission are not written with the next one") {
    const TemporaryFolder folder;
    RunningStore running(folder);
    REQUIRE(running.journal(make_block(5, 5)).ok);
    Submission refused;
    refused.values.push_back({1, make_value("a", "refused")});
    refused.journal = {make_block(1, 1)};
    REQUIRE_FALSE(running.commit(std::move(refused)).ok);
    REQUIRE(running.value(2, make_value("a", "next")).ok);
    CHECK(running.reader().values(1).empty());
    CHECK(running.reader().values(2).size() == 1);
}

TEST_CASE("of a giant block the beginning alone is read, of others all") {
    const TemporaryFolder folder;
    RunningStore running(folder);
    auto giant = make_block(2, 1, 5'000'000);
    running.journal(make_block(1, 1, 1000));
    running.journal(giant);
    Reader& reader = running.reader();
    CHECK(reader.journal_beginning(0, 4'000'000, 100)->cut == 0);
    CHECK(reader.journal_beginning(0, 4'000'000, 100)->bytes.size() == 1000);
    const auto block = reader.journal_beginning(1, 4'000'000, 100);
    REQUIRE(block);
    CHECK(block->first_cursor == 2);
    CHECK(block->bytes == giant.bytes.substr(0, 100));
    CHECK(block->cut == giant.bytes.size() - 100);
    CHECK(reader.journal_beginning(1, 5'000'000, 100)->bytes == giant.bytes);
    CHECK_FALSE(reader.journal_beginning(2, 4'000'000, 100));
}

}  // namespace storage
