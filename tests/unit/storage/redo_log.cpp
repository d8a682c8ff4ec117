// Small submissions that are committed in the redo log: they are there at once, for readers and after a kill -9, and
// reach the tables later.

#include "storage/redo_log.h"

#include "storage/sqlite_handle.h"
#include "tests/unit/storage/store_fixture.h"

#include <chrono>
#include <fstream>
#include <iterator>
#include <thread>

#include <doctest/doctest.h>
#include <sqlite3.h>

namespace storage {

using namespace storage_test;
namespace fs = std::filesystem;

namespace {

constexpr std::int64_t device = 1;

Options logging(const fs::path& file) {
    Options options;
    options.file = file;
    options.commit_here_bytes = 131'072;
    options.settle_after = std::chrono::hours(1);  // by itself, never
    return options;
}

// The value and the event both bear the number.
Submission numbered(int number, std::size_t width = 100) {
    Submission submission;
    submission.values.push_back({device, make_value("a", std::to_string(number))});
    submission.journal = {make_block(number, 1, width)};
    return submission;
}

std::int64_t integer(const fs::path& file, std::string_view sql) {
    return Connection(file, "").integer(sql);
}

constexpr std::string_view values_in_table = "SELECT COUNT(*) FROM device_values";

std::string content_of(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

// What a kill -9 leaves of the store of `folder`.
fs::path killed_copy(const TemporaryFolder& folder, const TemporaryFolder& into) {
    for (const auto* suffix : {"", "-wal", "-redo", "-blocks"}) {
        const fs::path from = folder.file().string() + suffix;
        const fs::path to = into.file().string() + suffix;
        fs::remove_all(to);
        if (fs::exists(from)) fs::copy(from, to, fs::copy_options::recursive);
    }
    fs::remove(into.file().string() + "-shm");
    return into.file();
}

struct Kept {
    std::string value;
    std::vector<std::int64_t> cursors;
};

Kept kept_in(Reader& reader) {
    const auto values = reader.values(device);
    return {values.empty() ? "" : *values.at(0).reported, cursors_in(reader.journal(0, 1'000))};
}

Kept kept_in(const fs::path& file) {
    const auto store = open_store(logging(file));
    const auto reader = store->open_reader();
    CHECK_FALSE(fs::exists(redo_log_of(file)));
    return kept_in(*reader);
}

std::vector<std::int64_t> up_to(std::int64_t last) {
    std::vector<std::int64_t> numbers;
    for (std::int64_t number = 1; number <= last; ++number) numbers.push_back(number);
    return numbers;
}

}  // namespace

TEST_CASE("readers see at once what only the log has, and the same when the tables have it") {
    const TemporaryFolder folder;
    RunningStore running(logging(folder.file()));
    for (int number = 1; number <= 3; ++number) REQUIRE(running.commit(numbered(number)).ok);
    CHECK(fs::file_size(redo_log_of(folder.file())) > 0);
    for (const bool settled : {false, true}) {
        CAPTURE(settled);
        if (settled) running.store().settle();
        CHECK(integer(folder.file(), values_in_table) == (settled ? 1 : 0));
        const auto kept = kept_in(running.reader());
        CHECK(kept.value == "3");
        CHECK(kept.cursors == up_to(3));
        CHECK(cursors_in(running.reader().journal(2, 10)).back() == 3);
        CHECK(running.reader().journal(3, 10).empty());
        const auto totals = running.reader().journal_totals();
        CHECK(totals.oldest_cursor == 1);
        CHECK(totals.newest_cursor == 3);
        CHECK(totals.events == 3);
        CHECK(totals.bytes == 300);
        const auto beginning = running.reader().journal_beginning(0, 50, 20);
        REQUIRE(beginning);
        CHECK(beginning->bytes.size() == 20);
        CHECK(beginning->cut == 280);
    }
}

TEST_CASE("what is in the log lies on top of what the tables have") {
    const TemporaryFolder folder;
    RunningStore running(logging(folder.file()));
    REQUIRE(running.value(device, make_value("b", "of before")).ok);
    REQUIRE(running.value(device, make_value("a", "old")).ok);
    REQUIRE(running.value(device + 1, make_value("a", "another's")).ok);
    running.store().settle();
    REQUIRE(running.value(device, make_value("a", "new")).ok);
    REQUIRE(running.value(device, make_value("c", "added")).ok);
    const auto values = running.reader().values(device);
    REQUIRE(values.size() == 3);
    CHECK(values[0] == make_value("a", "new"));
    CHECK(values[1] == make_value("b", "of before"));
    CHECK(values[2] == make_value("c", "added"));
}

TEST_CASE("a view sees one commit, settled meanwhile or not") {
    const TemporaryFolder folder;
    RunningStore running(logging(folder.file()));
    REQUIRE(running.commit(numbered(1)).ok);
    const Reader::View view(running.reader());
    CHECK(kept_in(running.reader()).value == "1");
    running.store().settle();
    CHECK(kept_in(running.reader()).value == "1");
    CHECK(kept_in(running.reader()).cursors == up_to(1));
}

TEST_CASE("changes of other kinds find the values of before in the tables") {
    const TemporaryFolder folder;
    RunningStore running(logging(folder.file()));
    REQUIRE(running.commit(numbered(1)).ok);
    REQUIRE(running.change(DeleteValues{device}).ok);
    CHECK(running.reader().values(device).empty());
    CHECK(cursors_in(running.reader().journal(0, 10)) == up_to(1));
    REQUIRE(running.commit(numbered(2)).ok);
    CHECK(kept_in(running.reader()).value == "2");
}

TEST_CASE("a kill -9 costs nothing that is in the log, and halves of a record are none") {
    const TemporaryFolder folder;
    const TemporaryFolder other;
    RunningStore running(logging(folder.file()));
    std::vector<std::size_t> ends;
    for (int number = 1; number <= 4; ++number) {
        REQUIRE(running.commit(numbered(number)).ok);
        ends.push_back(content_of(redo_log_of(folder.file())).size());
    }
    for (std::size_t length = 0; length <= ends.back(); length += 7) {
        CAPTURE(length);
        const auto file = killed_copy(folder, other);
        fs::resize_file(redo_log_of(file), length);
        const auto whole = std::ranges::count_if(ends, [&](std::size_t end) { return end <= length; });
        const auto kept = kept_in(file);
        CHECK(kept.cursors == up_to(whole));
        CHECK(kept.value == (whole == 0 ? "" : std::to_string(whole)));
    }
}

TEST_CASE("a record that was changed, and those behind it, are not taken") {
    const TemporaryFolder folder;
    const TemporaryFolder other;
    RunningStore running(logging(folder.file()));
    for (int number = 1; number <= 3; ++number) REQUIRE(running.commit(numbered(number)).ok);
    const auto log = content_of(redo_log_of(folder.file()));
    for (std::size_t at = 0; at < log.size(); at += 5) {
        CAPTURE(at);
        const auto file = killed_copy(folder, other);
        auto changed = log;
        changed[at] = static_cast<char>(changed[at] ^ 0x10);
        std::ofstream(redo_log_of(file), std::ios::binary) << changed;
        CHECK(kept_in(file).cursors == up_to(static_cast<std::int64_t>(at * 3 / log.size())));
    }
}

TEST_CASE("records of before the tables had them are over") {
    const TemporaryFolder folder;
    const TemporaryFolder other;
    RunningStore running(logging(folder.file()));
    for (int number = 1; number <= 3; ++number) REQUIRE(running.commit(numbered(number)).ok);
    REQUIRE(running.change(PutMeta{"newest", "3"}).ok);  // settles, too
    CHECK(kept_in(killed_copy(folder, other)).cursors == up_to(3));
    REQUIRE(running.commit(numbered(4)).ok);  // over the first one
    const auto kept = kept_in(killed_copy(folder, other));
    CHECK(kept.cursors == up_to(4));
    CHECK(kept.value == "4");
}

TEST_CASE("a log that does not follow the tables' state is left aside") {
    const TemporaryFolder folder;
    const TemporaryFolder other;
    RunningStore running(logging(folder.file()));
    REQUIRE(running.commit(numbered(1)).ok);
    running.store().settle();
    REQUIRE(running.commit(numbered(2)).ok);
    const auto file = killed_copy(folder, other);
    run_sql(file, "DELETE FROM counters WHERE name = 'redo_sequence'");  // as a copy of long before
    CHECK(kept_in(file).cursors == up_to(1));
}

TEST_CASE("large blocks in the log are references to their files") {
    const TemporaryFolder folder;
    const TemporaryFolder other;
    RunningStore running(logging(folder.file()));
    for (int number = 1; number <= 4; ++number)
        REQUIRE(running.commit(numbered(number, number % 2 == 0 ? 40'000 : 50)).ok);
    CHECK(content_of(redo_log_of(folder.file())).size() < 2'000);
    CHECK(kept_in(running.reader()).cursors == up_to(4));
    CHECK(running.reader().journal_totals().bytes == 80'100);
    CHECK(kept_in(killed_copy(folder, other)).cursors == up_to(4));
    running.store().settle();
    CHECK(kept_in(running.reader()).cursors == up_to(4));
}

TEST_CASE("while nothing can be settled, the log is read; it is settled when it can") {
    const TemporaryFolder folder;
    auto options = logging(folder.file());
    options.settle_after = std::chrono::milliseconds(1);
    RunningStore running(options);
    {
        Connection other(folder.file(), "");
        other.execute("BEGIN IMMEDIATE");  // nobody else may write
        REQUIRE(running.commit(numbered(1)).ok);
        CHECK_THROWS_AS(running.store().settle(), SqliteError);
        CHECK(kept_in(running.reader()).value == "1");
        other.execute("ROLLBACK");
    }
    const auto until = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    while (integer(folder.file(), values_in_table) == 0) {  // by itself, after a while
        REQUIRE(std::chrono::steady_clock::now() < until);
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    CHECK(kept_in(running.reader()).cursors == up_to(1));
}

TEST_CASE("where no log can be written the tables take it") {
    const TemporaryFolder folder;
    RunningStore running(logging(folder.file()));
    fs::create_directory(redo_log_of(folder.file()));
    REQUIRE(running.commit(numbered(1)).ok);
    CHECK(integer(folder.file(), values_in_table) == 1);
    CHECK(kept_in(running.reader()).cursors == up_to(1));
}

TEST_CASE("a stop leaves no log, and cursors that do not rise are refused as ever") {
    const TemporaryFolder folder;
    {
        RunningStore running(logging(folder.file()));
        REQUIRE(running.commit(numbered(2)).ok);
        CHECK_FALSE(running.commit(numbered(2)).ok);
        REQUIRE(running.commit(numbered(3)).ok);
    }
    CHECK_FALSE(fs::exists(redo_log_of(folder.file())));
    CHECK(kept_in(folder.file()).cursors == std::vector<std::int64_t>{2, 3});
}

TEST_CASE("much in the log is settled by whoever adds to it, and caps hold") {
    const TemporaryFolder folder;
    auto options = logging(folder.file());
    options.journal = {200, 1'000'000};
    RunningStore running(options);
    constexpr int count = 3'000;
    for (int number = 1; number <= count; ++number) REQUIRE(running.commit(numbered(number)).ok);
    running.store().settle();
    const auto totals = running.reader().journal_totals();
    CHECK(totals.events + totals.dropped == count);
    CHECK(totals.events <= 200);
    CHECK(kept_in(running.reader()).value == std::to_string(count));
    CHECK(fs::file_size(redo_log_of(folder.file())) < 4'300'000);
}

}  // namespace storage
