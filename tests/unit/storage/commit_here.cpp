// Small submissions that are committed within submit(), and what sends them to the writer thread all the same.

#include "tests/support/faulty_vfs.h"
#include "tests/unit/storage/store_fixture.h"

#include <future>
#include <thread>

#include <doctest/doctest.h>
#include <sqlite3.h>

namespace storage {

using namespace storage_test;
using support::FaultyVfs;

namespace {

constexpr std::uint64_t here_bytes = 4'096;

// A change beside the value: the redo log takes none of these.
Submission numbered(std::uint64_t sequence, std::size_t size = 10) {
    Submission submission;
    submission.sequence = sequence;
    submission.changes.push_back(PutMeta{"newest", std::to_string(sequence)});
    submission.values.push_back({1, make_value("n", std::to_string(sequence) + std::string(size, ' '))});
    return submission;
}

// Remembers which thread reported what.
class WatchedStore {
  public:
    explicit WatchedStore(const Options& options) : store_(open_store(options)) {
        store_->start([this](std::vector<Submission>&& group, const CommitResult& result) {
            here_ = std::this_thread::get_id() == owner_;
            reports_.add(std::move(group), result);
        });
    }
    explicit WatchedStore(const TemporaryFolder& folder)
        : WatchedStore(Options{.file = folder.file(), .commit_here_bytes = here_bytes}) {}

    // Whether it was committed within submit().
    bool committed_here(Submission&& submission) {
        store_->submit(std::move(submission));
        const auto groups = reports_.wait_for(++submitted_);
        CHECK(groups.back().result.ok);
        return here_;
    }
    Store& store() { return *store_; }

  private:
    const std::thread::id owner_ = std::this_thread::get_id();
    std::size_t submitted_ = 0;
    bool here_ = false;  // wait_for() comes between the threads
    Reports reports_;
    std::unique_ptr<Store> store_;
};

}  // namespace

TEST_CASE("a small submission is committed before submit() returns, a large one by the writer thread") {
    const TemporaryFolder folder;
    WatchedStore watched(folder);
    CHECK(watched.committed_here(numbered(1)));
    CHECK_FALSE(watched.committed_here(numbered(2, here_bytes)));
    CHECK(watched.store().queued_bytes() == 0);
    CHECK(watched.store().statistics().commits == 2);
    CHECK(watched.store().open_reader()->values(1).at(0).reported->starts_with("2 "));
}

TEST_CASE("unless it is asked for, everything goes to the writer thread") {
    const TemporaryFolder folder;
    WatchedStore watched(Options{.file = folder.file()});
    CHECK_FALSE(watched.committed_here(numbered(1)));
}

TEST_CASE("a change of many rows goes to the writer thread, however small it is") {
    const TemporaryFolder folder;
    WatchedStore watched(folder);
    Submission submission = numbered(1);
    submission.changes.push_back(DeleteConnector{"local"});
    CHECK_FALSE(watched.committed_here(std::move(submission)));
}

TEST_CASE("what is submitted while the writer works comes behind it") {
    const TemporaryFolder folder;
    std::promise<void> reached;
    std::promise<void> release;
    Reports reports;
    const auto store = open_store({.file = folder.file(), .commit_here_bytes = here_bytes});
    store->start([&](std::vector<Submission>&& group, const CommitResult& result) {
        if (group.front().sequence == 1) {
            reached.set_value();
            release.get_future().wait();
        }
        reports.add(std::move(group), result);
    });
    store->submit(numbered(1, here_bytes));
    reached.get_future().wait();
    store->submit(numbered(2));
    store->submit(numbered(3));
    release.set_value();
    const auto groups = reports.wait_for(3);
    REQUIRE(groups.size() == 2);
    CHECK(groups[1].submissions.at(0).sequence == 2);
    CHECK(groups[1].submissions.at(1).sequence == 3);
    CHECK(store->open_reader()->values(1).at(0).reported->starts_with("3 "));
}

TEST_CASE("behind a commit that waited for the disk the writer thread takes the next") {
    const TemporaryFolder folder;
    FaultyVfs vfs("slow");
    WatchedStore watched({.file = folder.file(), .commit_here_bytes = here_bytes, .vfs = vfs.name()});
    REQUIRE(watched.committed_here(numbered(1)));
    vfs.slow_down(std::chrono::milliseconds(2));
    CHECK(watched.committed_here(numbered(2)));
    CHECK_FALSE(watched.committed_here(numbered(3)));
    vfs.slow_down({});
    bool again = false;
    for (std::uint64_t sequence = 4; !again && sequence < 1'000; ++sequence) {
        again = watched.committed_here(numbered(sequence));
    }
    CHECK(again);
}

TEST_CASE("an I/O error, once, within submit() costs nothing: the writer thread tries again") {
    FaultyVfs vfs("faulty");
    bool failed = true;
    for (std::uint64_t nth = 1; failed; ++nth) {
        CAPTURE(nth);
        const TemporaryFolder folder;
        WatchedStore watched({.file = folder.file(), .commit_here_bytes = here_bytes, .vfs = vfs.name()});
        watched.committed_here(numbered(1));
        vfs.fail_at(nth, SQLITE_IOERR);
        watched.committed_here(numbered(2));
        failed = vfs.has_failed();
        CHECK(watched.store().statistics().failed_commits == 0);
        watched.committed_here(numbered(3));
        CHECK(watched.store().open_reader()->values(1).at(0).reported->starts_with("3 "));
        vfs.heal();
        REQUIRE(nth < 1'000);
    }
}

TEST_CASE("another program's lock does not hold up submit(): the writer thread waits for it") {
    const TemporaryFolder folder;
    Reports reports;
    const auto store = open_store({.file = folder.file(), .commit_here_bytes = here_bytes});
    store->start(
        [&](std::vector<Submission>&& group, const CommitResult& result) { reports.add(std::move(group), result); });
    sqlite3* other = nullptr;
    REQUIRE(sqlite3_open(folder.file().c_str(), &other) == SQLITE_OK);
    REQUIRE(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr) == SQLITE_OK);
    store->submit(numbered(1));
    CHECK(store->queued_bytes() > 0);
    sqlite3_exec(other, "ROLLBACK", nullptr, nullptr, nullptr);
    sqlite3_close(other);
    CHECK(reports.wait_for(1).back().result.ok);
}

TEST_CASE("submissions from here and there keep their order, through checkpoints") {
    const TemporaryFolder folder;
    std::uint64_t newest = 0;
    Reports reports;
    const auto store = open_store({.file = folder.file(), .commit_here_bytes = here_bytes});
    store->start([&](std::vector<Submission>&& group, const CommitResult& result) {
        for (const auto& submission : group) CHECK(submission.sequence == ++newest);
        CHECK(result.ok);
        reports.add(std::move(group), result);
    });
    constexpr std::uint64_t count = 2'000;
    for (std::uint64_t sequence = 1; sequence <= count; ++sequence) {
        store->submit(numbered(sequence, sequence % 3 == 0 ? here_bytes * 10 : 10));
        if (sequence % 7 == 0) reports.wait_for(sequence);
    }
    reports.wait_for(count);
    CHECK(newest == count);
    CHECK(store->open_reader()->values(1).at(0).reported->starts_with(std::to_string(count) + " "));
}

}  // namespace storage
