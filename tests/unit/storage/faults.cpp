// What a disk that fails or fills up does to the store: for each operation of a scenario in turn, that one fails.

#include "tests/support/faulty_vfs.h"
#include "tests/unit/storage/store_fixture.h"

#include <set>

#include <doctest/doctest.h>
#include <sqlite3.h>

namespace storage {

using namespace storage_test;
using support::FaultyVfs;

namespace {

constexpr int steps = 12;

// Each step changes all kinds of tables, with one number in all of them.
Submission make_step(int number, std::size_t value_size = 10) {
    const std::string text = std::to_string(number);
    Submission submission;
    submission.sequence = static_cast<std::uint64_t>(number);
    submission.changes.push_back(PutMeta{"meta-" + text, text});
    submission.changes.push_back(PutIdentity{make_identity(number, "local", text)});
    submission.values.push_back({number, make_value("a", text + std::string(value_size, ' '))});
    submission.journal = {make_block(number * 10, 3, number % 4 == 0 ? 6'000 : 300)};  // large ones go to files
    return submission;
}

// 0: nothing of the step is there, 4: all of it. Anything between is half a step.
int parts_there(Reader& reader, int number) {
    const std::string text = std::to_string(number);
    int parts = 0;
    if (reader.meta("meta-" + text) == text) ++parts;
    if (reader.identity("local", text)) ++parts;
    const auto values = reader.values(number);
    if (values.size() == 1 && values[0].reported->starts_with(text)) ++parts;
    const auto cursors = cursors_in(reader.journal(0, 1000));
    const std::set<std::int64_t> there(cursors.begin(), cursors.end());
    const int events =
        static_cast<int>(there.count(number * 10) + there.count(number * 10 + 1) + there.count(number * 10 + 2));
    if (events == 3) ++parts;
    if (events != 0 && events != 3) parts = -100;
    return parts;
}

struct Outcome {
    bool opened = false;
    std::set<int> acknowledged;
};

Outcome run_scenario(const Options& options, std::size_t value_size) {
    Outcome outcome;
    Reports reports;
    std::unique_ptr<Store> store;
    try {
        store = open_store(options);
    } catch (const OpenError& error) {
        CHECK(error.kind() == OpenError::Kind::io);
        return outcome;
    }
    outcome.opened = true;
    store->start([&](std::vector<Submission>&& group, const CommitResult& result) {
        if (!result.ok) CHECK_FALSE(result.error.empty());
        reports.add(std::move(group), result);
    });
    for (int number = 1; number <= steps; ++number) {
        store->submit(make_step(number, number % 6 == 0 ? value_size : 10));
        const auto groups = reports.wait_for(static_cast<std::size_t>(number));
        if (groups.back().result.ok) outcome.acknowledged.insert(number);
        store->go_on();
    }
    CHECK(store->queued_bytes() == 0);
    return outcome;
}

void check_kept(const std::filesystem::path& file, const Outcome& outcome) {
    const auto store = open_store({.file = file, .durability = Durability::off});
    const auto reader = store->open_reader();
    for (int number = 1; number <= steps; ++number) {
        CAPTURE(number);
        const int parts = parts_there(*reader, number);
        // A commit whose sync failed may have reached the disk as a whole; half of one may not.
        if (outcome.acknowledged.count(number) > 0) {
            CHECK(parts == 4);
        } else {
            CHECK((parts == 0 || parts == 4));
        }
    }
    const JournalTotals totals = reader->journal_totals();
    CHECK(totals.events == cursors_in(reader->journal(0, 1000)).size());
    CHECK(totals.dropped == 0);
}

struct Fault {
    int code = SQLITE_IOERR;
    FaultyVfs::Lasting lasting = FaultyVfs::Lasting::once;
    Durability durability = Durability::normal;
    std::size_t value_size = 10;  // in every sixth step
    std::uint64_t stride = 1;
    std::uint64_t commit_here_bytes = 0;
};

// Fails the 1st, 2nd, 3rd … operation (or in wider strides), until a run needs fewer.
void fail_at_every_operation(const Fault& fault) {
    FaultyVfs vfs("faulty");
    bool failed = true;
    std::size_t refused = 0;
    for (std::uint64_t nth = 1; failed; nth += fault.stride) {
        CAPTURE(nth);
        const TemporaryFolder folder;
        vfs.fail_at(nth, fault.code, fault.lasting);
        const Outcome outcome = run_scenario({.file = folder.file(),
                                              .durability = fault.durability,
                                              .commit_here_bytes = fault.commit_here_bytes,
                                              .vfs = vfs.name()},
                                             fault.value_size);
        failed = vfs.has_failed();
        vfs.heal();
        if (!failed) CHECK(outcome.acknowledged.size() == steps);
        refused += outcome.opened ? static_cast<std::size_t>(steps) - outcome.acknowledged.size() : 0;
        // One failure costs one group and no other.
        if (outcome.opened && fault.lasting == FaultyVfs::Lasting::once)
            CHECK(outcome.acknowledged.size() >= steps - 1);
        check_kept(folder.file(), outcome);
        REQUIRE(nth < 100'000);
    }
    CHECK(refused > 0);
}

}  // namespace

TEST_CASE("an I/O error, once, at any operation: what was acknowledged is kept, the rest is whole or absent") {
    fail_at_every_operation({});
}

TEST_CASE("an I/O error, once, with every commit synced: what was acknowledged is kept") {
    fail_at_every_operation({.durability = Durability::full});
}

TEST_CASE("a full disk, once, at any operation: what was acknowledged is kept, the rest is whole or absent") {
    fail_at_every_operation({.code = SQLITE_FULL, .durability = Durability::off});
}

TEST_CASE("an I/O error within groups larger than the cache: what was acknowledged is kept") {
    fail_at_every_operation({.durability = Durability::off, .value_size = 2'500'000, .stride = 307});
}

TEST_CASE("a disk that stays broken from any operation on: what was acknowledged is kept") {
    fail_at_every_operation({.lasting = FaultyVfs::Lasting::for_good});
}

TEST_CASE("a disk that stays broken, where submit() commits: what was acknowledged is kept") {
    fail_at_every_operation({.lasting = FaultyVfs::Lasting::for_good, .commit_here_bytes = 4'096});
}

TEST_CASE("a disk that fills up and is cleared: commits fail, then go on") {
    const TemporaryFolder folder;
    FaultyVfs vfs("faulty");
    RunningStore running({.file = folder.file(), .durability = Durability::off, .vfs = vfs.name()});
    REQUIRE(running.commit(make_step(2)).ok);
    vfs.fail_at(1, SQLITE_FULL, FaultyVfs::Lasting::for_good);
    for (int number = 3; number <= 5; ++number) {
        const CommitResult result = running.commit(make_step(number));
        CHECK_FALSE(result.ok);
        CHECK(result.error.find("full") != std::string::npos);
        CHECK(parts_there(running.reader(), number) == 0);
    }
    CHECK(parts_there(running.reader(), 2) == 4);
    vfs.heal();
    CHECK(running.commit(make_step(6)).ok);
    CHECK(parts_there(running.reader(), 6) == 4);
    CHECK(running.store().statistics().failed_commits == 3);
}

TEST_CASE("behind a failed commit nothing is tried, and all is told the first reason, until the owner goes on") {
    const TemporaryFolder folder;
    FaultyVfs vfs("faulty");
    Reports reports;
    const auto store = open_store({.file = folder.file(), .durability = Durability::off, .vfs = vfs.name()});
    store->start(
        [&](std::vector<Submission>&& group, const CommitResult& result) { reports.add(std::move(group), result); });
    vfs.fail_at(1, SQLITE_FULL);  // and works again from the second operation on
    store->submit(make_step(1));
    reports.wait_for(1);
    const auto tried = vfs.operations();
    for (int number = 2; number <= 4; ++number) store->submit(make_step(number));
    for (const auto& group : reports.wait_for(4)) {
        CHECK_FALSE(group.result.ok);
        CHECK(group.result.error.find("full") != std::string::npos);
        for (const auto& submission : group.submissions) CHECK(submission.empty());
    }
    CHECK(vfs.operations() == tried);
    CHECK(store->queued_bytes() == 0);
    CHECK(store->statistics().failed_commits == 1);
    store->go_on();
    store->submit(make_step(5));
    CHECK(reports.wait_for(5).back().result.ok);
    const auto reader = store->open_reader();
    for (int number = 1; number <= 4; ++number) CHECK(parts_there(*reader, number) == 0);
    CHECK(parts_there(*reader, 5) == 4);
}

TEST_CASE("another program's lock fails a commit, and the next one goes through") {
    const TemporaryFolder folder;
    RunningStore running(folder);
    sqlite3* other = nullptr;
    REQUIRE(sqlite3_open(folder.file().c_str(), &other) == SQLITE_OK);
    REQUIRE(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr) == SQLITE_OK);
    const CommitResult result = running.commit(make_step(2));
    CHECK_FALSE(result.ok);
    CHECK(result.error.find("locked") != std::string::npos);
    sqlite3_exec(other, "ROLLBACK", nullptr, nullptr, nullptr);
    sqlite3_close(other);
    CHECK(running.commit(make_step(3)).ok);
    CHECK(parts_there(running.reader(), 2) == 0);
    CHECK(parts_there(running.reader(), 3) == 4);
}

TEST_CASE("a reader that cannot be opened says so as a runtime_error") {
    const TemporaryFolder folder;
    FaultyVfs vfs("faulty");
    RunningStore running({.file = folder.file(), .durability = Durability::off, .vfs = vfs.name()});
    vfs.fail_at(1, SQLITE_CANTOPEN);
    CHECK_THROWS_AS(running.store().open_reader(), std::runtime_error);
    CHECK(running.store().open_reader()->max_device_id() == 0);
}

}  // namespace storage
