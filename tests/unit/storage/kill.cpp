// kill -9 while it writes: what was acknowledged is there at the next start, which needs no repair.

#include "tests/unit/storage/store_fixture.h"

#include <random>
#include <thread>

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

namespace storage {

using namespace storage_test;

namespace {

constexpr std::int64_t device = 1;

Submission make_numbered(std::int64_t number) {
    Submission submission;
    submission.sequence = static_cast<std::uint64_t>(number);
    const std::string text = std::to_string(number);
    if (number % 5 == 0) submission.changes.push_back(PutMeta{"newest", text});  // the redo log takes the others
    submission.values.push_back({device, make_value("a", text)});
    submission.journal = {make_block(number, 1, number % 4 == 0 ? 20'000 : 200)};  // large ones go to files
    return submission;
}

// The process that is killed: submits from `first` on, for ever, and writes each acknowledged number to the pipe.
[[noreturn]] void submit_for_ever(const std::filesystem::path& file, std::int64_t first, int pipe,
                                  std::uint64_t here_bytes) {
    const auto store = open_store({.file = file, .journal = {500, 536'870'912}, .commit_here_bytes = here_bytes});
    store->start([&](std::vector<Submission>&& group, const CommitResult& result) {
        const auto newest = static_cast<std::int64_t>(group.back().sequence);
        if (!result.ok || ::write(pipe, &newest, sizeof newest) != sizeof newest) ::_exit(1);
    });
    for (std::int64_t number = first;; ++number) {
        while (store->queued_bytes() > 100'000) std::this_thread::yield();
        store->submit(make_numbered(number));
    }
}

// Lets a child write on until it acknowledged `reports` groups, kills it, and returns the last number it acknowledged.
std::int64_t run_and_kill(const std::filesystem::path& file, std::int64_t first, int reports,
                          std::uint64_t here_bytes) {
    int ends[2] = {-1, -1};
    REQUIRE(::pipe(ends) == 0);
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        ::close(ends[0]);
        submit_for_ever(file, first, ends[1], here_bytes);
    }
    ::close(ends[1]);
    std::int64_t newest = 0;
    std::int64_t number = 0;
    for (int count = 0; count < reports && ::read(ends[0], &number, sizeof number) == sizeof number; ++count) {
        newest = number;
    }
    ::kill(child, SIGKILL);
    while (::read(ends[0], &number, sizeof number) == sizeof number) newest = number;  // told before it died
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    CHECK(WIFSIGNALED(status));
    return newest;
}

}  // namespace

TEST_CASE("after a kill -9 everything acknowledged is there, and nothing by halves") {
    const TemporaryFolder folder;
    std::mt19937 random(20'240'607);
    std::uniform_int_distribution<int> reports(1, 150);
    std::int64_t kept = 0;
    for (int round = 0; round < 20; ++round) {
        CAPTURE(round);
        const std::uint64_t here_bytes = round % 2 == 0 ? 0 : 131'072;
        const auto acknowledged = run_and_kill(folder.file(), kept + 1, reports(random), here_bytes);
        REQUIRE(acknowledged > kept);
        const auto store =
            open_store({.file = folder.file(), .durability = Durability::off, .journal = {500, 536'870'912}});
        const auto reader = store->open_reader();
        const JournalTotals totals = reader->journal_totals();
        REQUIRE(totals.newest_cursor >= acknowledged);
        kept = totals.newest_cursor;
        if (kept >= 5) CHECK(reader->meta("newest") == std::to_string(kept / 5 * 5));
        CHECK(reader->values(device).at(0).reported == std::to_string(kept));
        CHECK(totals.events + totals.dropped == static_cast<std::uint64_t>(kept));
        CHECK(totals.events <= 500);
        const auto cursors = cursors_in(reader->journal(0, 10'000));
        REQUIRE(cursors.size() == totals.events);
        CHECK(cursors.front() == totals.oldest_cursor);
        CHECK(cursors.back() == kept);
    }
}

}  // namespace storage
