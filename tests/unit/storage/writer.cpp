#include "storage/submission_size.h"
#include "tests/unit/storage/store_fixture.h"

#include <atomic>
#include <future>
#include <thread>
#include <utility>

#include <doctest/doctest.h>

namespace storage {

using namespace storage_test;

namespace {

Submission numbered(std::uint64_t sequence) {
    Submission submission;
    submission.sequence = sequence;
    submission.values.push_back({1, make_value("n", std::to_string(sequence))});
    return submission;
}

// A store whose first report waits for release(): what is submitted meanwhile must become one group.
class HeldStore {
  public:
    explicit HeldStore(const TemporaryFolder& folder) : store_(open_store({.file = folder.file()})) {
        store_->start([this](std::vector<Submission>&& group, const CommitResult& result) {
            if (!std::exchange(held_once_, true)) {
                reached_.set_value();
                release_.get_future().wait();
            }
            reports_.add(std::move(group), result);
        });
    }
    void hold() {
        store_->submit(numbered(1));
        reached_.get_future().wait();
    }
    void release() { release_.set_value(); }
    Store& store() { return *store_; }
    Reports& reports() { return reports_; }

  private:
    bool held_once_ = false;  // writer thread
    std::promise<void> reached_;
    std::promise<void> release_;
    Reports reports_;
    std::unique_ptr<Store> store_;
};

}  // namespace

TEST_CASE("everything that queued during a commit is the next group, in order") {
    const TemporaryFolder folder;
    HeldStore held(folder);
    held.hold();
    for (std::uint64_t sequence = 2; sequence <= 501; ++sequence) held.store().submit(numbered(sequence));
    held.release();
    const auto groups = held.reports().wait_for(501);
    REQUIRE(groups.size() == 2);
    REQUIRE(groups[1].submissions.size() == 500);
    for (std::size_t index = 0; index < 500; ++index) CHECK(groups[1].submissions[index].sequence == index + 2);
    CHECK(held.store().open_reader()->values(1).at(0).reported == "501");
}

TEST_CASE("submissions come back empty, with their sequence and the capacity of their journal") {
    const TemporaryFolder folder;
    RunningStore running(folder);
    Submission submission = numbered(1);
    submission.changes.push_back(PutMeta{"a", "b"});
    submission.journal = {make_block(1, 100)};
    const std::size_t values_capacity = submission.values.capacity();
    running.commit(std::move(submission));
    const auto groups = running.reports().wait_for(1);
    const Submission& returned = groups.at(0).submissions.at(0);
    CHECK(returned.sequence == 1);
    CHECK(returned.empty());
    CHECK(returned.journal.at(0).bytes.empty());
    CHECK(returned.journal.at(0).first_cursor == 0);
    CHECK(values_capacity >= 1);
}

TEST_CASE("emptying keeps capacity, but not that of one huge event") {
    Submission submission = numbered(7);
    submission.journal = {make_block(1, 100)};
    const std::size_t capacity = submission.journal.at(0).bytes.capacity();
    empty_for_reuse(submission);
    CHECK(submission.journal.at(0).bytes.capacity() == capacity);
    CHECK(submission.values.capacity() >= 1);
    CHECK(submission.empty());
    submission.journal.at(0).bytes.assign(1'000'000, 'x');
    empty_for_reuse(submission);
    CHECK(submission.journal.at(0).bytes.capacity() < 1000);
}

TEST_CASE("a returned submission can be submitted again") {
    const TemporaryFolder folder;
    RunningStore running(folder);
    Submission submission = numbered(1);
    for (std::uint64_t round = 1; round <= 10; ++round) {
        running.store().submit(std::move(submission));
        auto groups = running.reports().wait_for(round);
        submission = std::move(groups.back().submissions.back());
        CHECK(submission.sequence == round);
        submission.sequence = round + 1;
        submission.values.push_back({1, make_value("n", std::to_string(round + 1))});
    }
    CHECK(running.reader().values(1).at(0).reported == "10");
}

TEST_CASE("a reader sees a commit at the latest when it is reported") {
    const TemporaryFolder folder;
    auto store = open_store({.file = folder.file()});
    const auto reader = store->open_reader();
    std::atomic<int> late = 0;
    std::promise<void> done;
    store->start([&](std::vector<Submission>&& group, const CommitResult&) {
        const std::string newest = std::to_string(group.back().sequence);
        if (reader->values(1).at(0).reported != newest) ++late;
        if (newest == "300") done.set_value();
    });
    for (std::uint64_t sequence = 1; sequence <= 300; ++sequence) store->submit(numbered(sequence));
    done.get_future().wait();
    store.reset();
    CHECK(late == 0);
}

TEST_CASE("queued bytes count what waits, and are zero when all is committed") {
    const TemporaryFolder folder;
    HeldStore held(folder);
    CHECK(held.store().queued_bytes() == 0);
    held.hold();
    CHECK(held.store().queued_bytes() == 0);
    Submission large = numbered(2);
    large.values[0].row.set = std::string(100'000, 'x');
    large.journal = {make_block(1, 1, 50'000)};
    large.changes.push_back(PutMeta{"a", std::string(10'000, 'm')});
    const std::uint64_t size = approximate_size(large);
    CHECK(size > 160'000);
    CHECK(size < 162'000);
    held.store().submit(std::move(large));
    held.store().submit(Submission{});
    CHECK(held.store().queued_bytes() == size + approximate_size(Submission{}));
    held.release();
    held.reports().wait_for(3);
    CHECK(held.store().queued_bytes() == 0);
}

TEST_CASE("the size of each kind of change has its text in it") {
    const std::string text(1000, 'x');
    IdentityRow identity = make_identity(1, text, text);
    identity.key = text;
    ContentRow content;
    content.connector = content.id = text;
    const std::vector<Change> changes{PutConnector{{text, text}}, DeleteConnector{text},
                                      PutIdentity{identity},      PutSession{{1, text, {text}, false, 0}},
                                      DeleteSession{1, text},     PutContent{content},
                                      DeleteContent{text, text},  PutMeta{text, text}};
    for (const Change& change : changes) {
        Submission submission;
        submission.changes.push_back(change);
        CAPTURE(change.index());
        CHECK(approximate_size(submission) > 1000);
    }
}

TEST_CASE("several threads submit, each in its own order") {
    const TemporaryFolder folder;
    RunningStore running(folder);
    std::vector<std::thread> threads;
    for (std::int64_t device_id = 1; device_id <= 4; ++device_id) {
        threads.emplace_back([&running, device_id] {
            for (int number = 0; number < 500; ++number) {
                Submission submission;
                submission.values.push_back({device_id, make_value("n", std::to_string(number))});
                running.store().submit(std::move(submission));
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    running.reports().wait_for(2000);
    for (std::int64_t device_id = 1; device_id <= 4; ++device_id) {
        CHECK(running.reader().values(device_id).at(0).reported == "499");
    }
}

TEST_CASE("a submission that cannot be applied fails as a whole, with what is behind it and nothing before it") {
    const TemporaryFolder folder;
    HeldStore held(folder);
    held.hold();
    Submission good = numbered(2);
    good.changes.push_back(PutIdentity{make_identity(1, "local", "taken")});
    held.store().submit(std::move(good));
    Submission bad;
    bad.sequence = 3;
    bad.changes.push_back(PutMeta{"half", "1"});
    bad.changes.push_back(PutIdentity{make_identity(2, "local", "taken")});
    bad.values.push_back({2, make_value("n", "1")});
    bad.journal = {make_block(1, 1)};
    held.store().submit(std::move(bad));
    held.store().submit(numbered(4));
    held.release();
    const auto groups = held.reports().wait_for(4);
    std::size_t failed = 0;
    for (const Reports::Group& group : groups) {
        for (const Submission& submission : group.submissions) {
            CHECK(group.result.ok == (submission.sequence < 3));
            CHECK(submission.empty());
        }
        if (!group.result.ok) {
            ++failed;
            CHECK(group.result.error.find("UNIQUE") != std::string::npos);
        }
    }
    CHECK(failed == 2);
    const auto reader = held.store().open_reader();
    CHECK_FALSE(reader->meta("half"));
    CHECK(reader->values(2).empty());
    CHECK(reader->journal_totals().events == 0);
    CHECK(reader->max_device_id() == 1);
    CHECK(reader->values(1).at(0).reported == "2");
    held.store().go_on();
    held.store().submit(numbered(5));
    CHECK(held.reports().wait_for(5).back().result.ok);
    CHECK(reader->values(1).at(0).reported == "5");
}

TEST_CASE("statistics count commits, submissions and failures") {
    const TemporaryFolder folder;
    RunningStore running(folder);
    for (int number = 0; number < 5; ++number) running.value(1, make_value("n", "1"));
    running.change(PutIdentity{make_identity(1, "local", "taken")});
    running.change(PutIdentity{make_identity(2, "local", "taken")});
    const Store::Statistics statistics = running.store().statistics();
    CHECK(statistics.commits == 6);
    CHECK(statistics.submissions == 6);
    CHECK(statistics.failed_commits == 1);
    CHECK(statistics.commit_us_sum >= statistics.commit_us_max);
    CHECK(statistics.commit_us_max > 0);
}

TEST_CASE("a value, an event, or an identity seen again writes one page") {
    const TemporaryFolder folder;
    RunningStore running(folder);
    IdentityRow identity = make_identity(1, "local", "dev");
    identity.auth_type = "token";
    identity.key = "secret";
    running.change(PutIdentity{identity});
    running.value(1, make_value("n", "1"));
    running.journal(make_block(1, 1));
    const auto pages_of = [&](auto&& commit) {
        const auto before = std::filesystem::file_size(folder.file("store.db-wal"));
        commit();
        return (std::filesystem::file_size(folder.file("store.db-wal")) - before) / (8192 + 24);
    };
    CHECK(pages_of([&] { running.value(1, make_value("n", "2")); }) == 1);
    CHECK(pages_of([&] { running.journal(make_block(2, 1)); }) == 1);
    identity.last_seen_us = 5;
    identity.last_ip = "10.0.0.1";
    CHECK(pages_of([&] { running.change(PutIdentity{identity}); }) == 1);
    identity.key = "another";
    CHECK(pages_of([&] { running.change(PutIdentity{identity}); }) > 1);
}

TEST_CASE("the WAL does not grow with the number of commits") {
    const TemporaryFolder folder;
    RunningStore running(folder);
    for (int number = 0; number < 400; ++number) running.value(1, make_value("n", std::string(500'000, 'x')));
    CHECK(std::filesystem::file_size(folder.file("store.db-wal")) < 30'000'000);  // of 200 MB
}

}  // namespace storage
