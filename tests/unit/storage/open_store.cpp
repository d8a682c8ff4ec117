#include "storage/database_file.h"
#include "storage/migrations.h"
#include "storage/sqlite_handle.h"
#include "tests/unit/storage/store_fixture.h"

#include <fstream>

#include <doctest/doctest.h>
#include <sys/stat.h>

namespace storage {

using namespace storage_test;

namespace {

std::optional<OpenError> error_of(const std::filesystem::path& file) {
    try {
        open_store({.file = file});
    } catch (const OpenError& error) {
        return error;
    }
    return std::nullopt;
}

mode_t mode_of(const std::filesystem::path& file) {
    struct stat status {};
    return ::stat(file.c_str(), &status) == 0 ? status.st_mode & 0777 : 0;
}

void write_file(const std::filesystem::path& file, const std::string& bytes) {
    std::ofstream(file, std::ios::binary) << bytes;
}

std::string read_file(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

bool mentions(const OpenError& error, const std::string& text) {
    return std::string(error.what()).find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("a new database and its companions can be read by nobody else") {
    const TemporaryFolder folder;
    RunningStore running(folder);
    REQUIRE(running.change(PutMeta{"a", "b"}).ok);
    CHECK(mode_of(folder.file()) == 0600);
    CHECK(mode_of(folder.file("store.db-wal")) == 0600);
    CHECK(mode_of(folder.file("store.db-shm")) == 0600);
}

TEST_CASE("a database with a wider mode is narrowed when it is opened") {
    const TemporaryFolder folder;
    { const RunningStore running(folder); }
    std::filesystem::permissions(folder.file(), std::filesystem::perms::all);
    const RunningStore running(folder);
    CHECK(mode_of(folder.file()) == 0600);
}

TEST_CASE("a clean stop commits what was submitted and leaves one file") {
    const TemporaryFolder folder;
    {
        RunningStore running(folder);
        for (int number = 0; number < 100; ++number) {
            Submission submission;
            submission.changes.push_back(PutMeta{"last", std::to_string(number)});
            running.store().submit(std::move(submission));
        }
    }
    CHECK_FALSE(std::filesystem::exists(folder.file("store.db-wal")));
    CHECK_FALSE(std::filesystem::exists(folder.file("store.db-shm")));
    RunningStore again(folder);
    CHECK(again.reader().meta("last") == "99");
}

TEST_CASE("a reader that outlives the store leaves the WAL empty") {
    const TemporaryFolder folder;
    auto store = open_store({.file = folder.file()});
    const auto reader = store->open_reader();
    store->start([](std::vector<Submission>&&, const CommitResult&) {});
    Submission submission;
    submission.changes.push_back(PutMeta{"a", "b"});
    store->submit(std::move(submission));
    store.reset();
    CHECK(std::filesystem::file_size(folder.file("store.db-wal")) == 0);
    CHECK(reader->meta("a") == "b");
}

TEST_CASE("a store that was never started closes") {
    const TemporaryFolder folder;
    open_store({.file = folder.file()}).reset();
    CHECK(std::filesystem::exists(folder.file()));
}

TEST_CASE("a missing folder is an io error that names the file") {
    const TemporaryFolder folder;
    const auto error = error_of(folder.path() / "missing" / "store.db");
    REQUIRE(error);
    CHECK(error->kind() == OpenError::Kind::io);
    CHECK(mentions(*error, "missing/store.db"));
}

TEST_CASE("a folder in place of the database is an io error") {
    const TemporaryFolder folder;
    std::filesystem::create_directory(folder.file());
    const auto error = error_of(folder.file());
    REQUIRE(error);
    CHECK(error->kind() == OpenError::Kind::io);
}

TEST_CASE("a file that is no database is refused with a way out, and stays as it is") {
    const TemporaryFolder folder;
    const std::string text(8192, 'x');
    write_file(folder.file(), text);
    const auto error = error_of(folder.file());
    REQUIRE(error);
    CHECK(error->kind() == OpenError::Kind::corrupt);
    CHECK(mentions(*error, folder.file().string()));
    CHECK(mentions(*error, "--recover"));
    CHECK(read_file(folder.file()) == text);
}

TEST_CASE("a truncated database is refused as corrupt") {
    const TemporaryFolder folder;
    {
        RunningStore running(folder);
        REQUIRE(running.journal(make_block(1, 1000, 64)).ok);
    }
    const std::string whole = read_file(folder.file());
    for (const std::size_t length :
         {std::size_t{50}, std::size_t{100}, std::size_t{4096}, whole.size() / 2, whole.size() - 8192}) {
        CAPTURE(length);
        write_file(folder.file(), whole.substr(0, length));
        const auto error = error_of(folder.file());
        REQUIRE(error);
        CHECK(error->kind() == OpenError::Kind::corrupt);
    }
}

TEST_CASE("an empty file becomes a database") {
    const TemporaryFolder folder;
    write_file(folder.file(), "");
    CHECK_FALSE(error_of(folder.file()));
}

TEST_CASE("a database of ours without its tables is corrupt") {
    const TemporaryFolder folder;
    { const RunningStore running(folder); }
    run_sql(folder.file(), "DROP TABLE device_values");
    const auto error = error_of(folder.file());
    REQUIRE(error);
    CHECK(error->kind() == OpenError::Kind::corrupt);
}

TEST_CASE("an SQLite database of another program gets no tables of ours") {
    const TemporaryFolder folder;
    write_file(folder.file(), "");
    run_sql(folder.file(), "CREATE TABLE notes(text)");
    const auto error = error_of(folder.file());
    REQUIRE(error);
    CHECK(error->kind() == OpenError::Kind::corrupt);
    CHECK(mentions(*error, "another program"));
    CHECK(Connection(folder.file(), "").integer("SELECT COUNT(*) FROM sqlite_master") == 1);
}

TEST_CASE("a database of a newer program is refused, naming both versions") {
    const TemporaryFolder folder;
    { const RunningStore running(folder); }
    run_sql(folder.file(), "PRAGMA user_version = 4711");
    const std::string before = read_file(folder.file());
    const auto error = error_of(folder.file());
    REQUIRE(error);
    CHECK(error->kind() == OpenError::Kind::newer_version);
    CHECK(mentions(*error, "4711"));
    CHECK(mentions(*error, "up to " + std::to_string(migrations().back().version)));
    CHECK(read_file(folder.file()) == before);
}

TEST_CASE("a database that another program has locked is an io error") {
    const TemporaryFolder folder;
    { const RunningStore running(folder); }
    Connection other(folder.file(), "");
    other.execute("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; PRAGMA user_version");
    const auto error = error_of(folder.file());
    REQUIRE(error);
    CHECK(error->kind() == OpenError::Kind::io);
    CHECK(mentions(*error, "in use"));
}

TEST_CASE("durability sets what SQLite syncs") {
    const TemporaryFolder folder;
    const auto synchronous = [&](Durability durability) {
        return open_database({.file = folder.file(), .durability = durability})->integer("PRAGMA synchronous");
    };
    CHECK(synchronous(Durability::off) == 0);
    CHECK(synchronous(Durability::normal) == 1);
    CHECK(synchronous(Durability::full) == 2);
}

}  // namespace storage
