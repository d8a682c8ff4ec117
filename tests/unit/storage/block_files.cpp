// Large blocks of the journal, which stand in files beside the database.

#include "storage/block_files.h"

#include "storage/snapshot.h"
#include "storage/sqlite_handle.h"
#include "tests/fuzz/targets/blocks.h"
#include "tests/support/fuzz_seeds.h"
#include "tests/unit/storage/store_fixture.h"

#include <algorithm>
#include <fstream>

#include <doctest/doctest.h>

namespace fs = std::filesystem;

namespace storage {

using namespace storage_test;

namespace {

constexpr std::uint32_t everything = 100'000;
constexpr std::size_t large = 20'000;

JournalBlock large_block(std::int64_t cursor) {
    return make_block(cursor, 1, large);
}

std::vector<std::int64_t> files_of(const TemporaryFolder& folder) {
    std::vector<std::int64_t> files;
    for (const auto& entry : fs::directory_iterator(blocks_folder_of(folder.file())))
        files.push_back(std::stoll(entry.path().filename()));
    std::sort(files.begin(), files.end());
    return files;
}

std::int64_t references_in(const fs::path& database) {
    Connection connection(database, {});
    return connection.integer("SELECT COUNT(*) FROM journal WHERE " + std::string(is_reference_sql));
}

Options with_bytes(const TemporaryFolder& folder, std::uint64_t max_bytes) {
    return {.file = folder.file(), .durability = Durability::off, .journal = {1'000'000, max_bytes}};
}

void overwrite(const fs::path& file, std::streamoff at, const std::string& bytes) {
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekp(at);
    stream << bytes;
    REQUIRE(stream.good());
}

}  // namespace

TEST_CASE("a reference is read as it was written, and other bytes are none") {
    const BlockReference reference{1'234'567, 4'194'304, 70'000, ~std::uint64_t{0}};
    const std::string bytes = encode_reference(reference);
    CHECK(bytes.size() == reference_bytes);
    CHECK(decode_reference(bytes) == reference);
    CHECK_FALSE(decode_reference(""));
    CHECK_FALSE(decode_reference(bytes.substr(1)));
    CHECK_FALSE(decode_reference(bytes + "0"));
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        CAPTURE(at);
        std::string other = bytes;
        other[at] = 'x';
        CHECK_FALSE(decode_reference(other));
    }
    const std::string beyond = std::string(4, '\0') + std::string(16 + 19 + 19 + 20, '9');
    CHECK_FALSE(decode_reference(beyond));  // no number of 64 bits
}

TEST_CASE("the seeds of blocks in files keep their properties") {
    CHECK(test::replay("fuzz_storage_blocks", fuzz::blocks, test::Damage::every_byte) >= 5);
}

TEST_CASE("the checksum of a block sees each byte and each length") {
    std::string bytes(100, 'a');
    const auto whole = block_checksum(bytes);
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        CAPTURE(at);
        std::string other = bytes;
        other[at] = 'b';
        CHECK(block_checksum(other) != whole);
        CHECK(block_checksum(bytes.substr(0, at)) != whole);
    }
    CHECK(block_checksum(std::string(1, '\0')) != block_checksum(std::string(2, '\0')));
}

TEST_CASE("a large block goes to a file, a small one into its row, and both are read in order") {
    const TemporaryFolder folder;
    const auto block = large_block(3);
    {
        RunningStore running(folder);
        running.journal(make_block(1, 2));
        running.journal(block);
        running.journal(make_block(4, 2));
        CHECK(cursors_in(running.reader().journal(0, everything)) == std::vector<std::int64_t>{1, 2, 3, 4, 5});
        CHECK(running.reader().journal(2, 1).at(0).bytes == block.bytes);
        CHECK(running.reader().journal_totals().bytes == 4 * 16 + large);
    }
    CHECK(references_in(folder.file()) == 1);
    CHECK(files_of(folder) == std::vector<std::int64_t>{3});
    RunningStore again(folder);
    CHECK(again.reader().journal(2, 1).at(0).bytes == block.bytes);
    again.journal(large_block(6));
    CHECK(again.reader().journal_totals().bytes == 4 * 16 + 2 * large);
    CHECK(again.reader().journal(5, 1).at(0).bytes == large_block(6).bytes);
    CHECK(files_of(folder) == std::vector<std::int64_t>{3, 6});  // none is written to by two processes
}

TEST_CASE("a large block in its row, as earlier programs wrote it, is read and counted") {
    const TemporaryFolder folder;
    { RunningStore running(folder); }
    run_sql(folder.file(), "INSERT INTO journal VALUES(1, 1, 0, 0, 1, 0, 0, CAST(printf('1 %20000d', 0) AS BLOB))");
    RunningStore running(folder);
    running.journal(large_block(2));
    CHECK(running.reader().journal(0, 1).at(0).bytes.size() == 20'002);
    CHECK(running.reader().journal_beginning(0, 1000, 5)->bytes == "1    ");
    CHECK(running.reader().journal(1, 1).at(0).bytes == large_block(2).bytes);
    CHECK(running.reader().journal_totals().bytes == 20'002 + large);
}

TEST_CASE("only its owner may read what is in the files") {
    const TemporaryFolder folder;
    RunningStore running(folder);
    running.journal(large_block(1));
    const auto mode = [](const fs::path& path) { return fs::status(path).permissions(); };
    CHECK(mode(blocks_folder_of(folder.file())) == fs::perms::owner_all);
    CHECK(mode(blocks_folder_of(folder.file()) / "1") == (fs::perms::owner_read | fs::perms::owner_write));
}

TEST_CASE("files go when the cap has dropped their blocks") {
    const TemporaryFolder folder;
    RunningStore running(with_bytes(folder, 1'600'000));  // files of 100,000 bytes
    for (std::int64_t cursor = 1; cursor <= 300; ++cursor) {
        running.journal(large_block(cursor));
        REQUIRE(size_of_blocks(folder.file()) <= 1'600'000 + 2 * 100'000 + large);
    }
    const auto totals = running.reader().journal_totals();
    CHECK(totals.events == 80);
    CHECK(totals.bytes == 80 * large);
    CHECK(cursors_in(running.reader().journal(0, everything)).size() == 80);
    CHECK(files_of(folder).front() <= totals.oldest_cursor);
}

TEST_CASE("a file of a commit that never came to its end is removed, and its name may be used again") {
    const TemporaryFolder folder;
    {
        RunningStore running(folder);
        running.journal(large_block(1));
    }
    for (const auto* name : {"2", "700"}) std::ofstream(blocks_folder_of(folder.file()) / name) << "half a block";
    std::ofstream(blocks_folder_of(folder.file()) / "notes.txt") << "somebody's";
    RunningStore running(folder);
    running.journal(large_block(2));
    CHECK(running.reader().journal(1, 1).at(0).bytes == large_block(2).bytes);
    CHECK(running.reader().journal(0, 1).at(0).bytes == large_block(1).bytes);
    CHECK(fs::exists(blocks_folder_of(folder.file()) / "2"));
    CHECK_FALSE(fs::exists(blocks_folder_of(folder.file()) / "700"));
    CHECK(fs::exists(blocks_folder_of(folder.file()) / "notes.txt"));
}

TEST_CASE("a refused submission leaves nothing behind, and the next large block is read") {
    const TemporaryFolder folder;
    RunningStore running(folder);
    REQUIRE(running.journal(large_block(5)).ok);
    Submission refused;
    refused.journal = {large_block(7), make_block(6, 1)};  // the second cursor does not rise
    REQUIRE_FALSE(running.commit(std::move(refused)).ok);
    REQUIRE_FALSE(running.journal(make_block(4, 1)).ok);
    CHECK(files_of(folder) == std::vector<std::int64_t>{5});  // before anything is committed: the disk may be full
    REQUIRE(running.journal(large_block(8)).ok);
    CHECK(cursors_in(running.reader().journal(0, everything)) == std::vector<std::int64_t>{5, 8});
    CHECK(files_of(folder) == std::vector<std::int64_t>{5, 8});
}

TEST_CASE("where no file can be written the commit fails with the reason, and later ones do not") {
    const TemporaryFolder folder;
    RunningStore running(folder);
    std::ofstream(blocks_folder_of(folder.file())) << "in the way";
    const auto result = running.journal(large_block(1));
    CHECK_FALSE(result.ok);
    CHECK(result.error.find("the journal's blocks") != std::string::npos);
    CHECK(running.journal(make_block(2, 1)).ok);
    fs::remove(blocks_folder_of(folder.file()));
    CHECK(running.journal(large_block(3)).ok);
    CHECK(cursors_in(running.reader().journal(0, everything)) == std::vector<std::int64_t>{2, 3});
}

TEST_CASE("a block whose file is damaged, cut off, gone or not as large as its row says is stepped over") {
    const TemporaryFolder folder;
    {
        RunningStore running(with_bytes(folder, 16 * 30'000));  // two blocks a file
        for (std::int64_t cursor = 1; cursor <= 10; ++cursor) running.journal(large_block(cursor));
    }
    const auto blocks = blocks_folder_of(folder.file());
    overwrite(blocks / "1", large + 5, "?");       // 2
    fs::resize_file(blocks / "3", 2 * large - 1);  // 4
    fs::remove(blocks / "5");                      // 5, 6
    run_sql(folder.file(),
            "UPDATE journal SET bytes = CAST(x'00000000' || '9999999999999999' || substr(bytes, 21) AS BLOB) WHERE "
            "first_cursor = 7");  // NOLINT
    RunningStore running(with_bytes(folder, 16 * 30'000));
    Reader& reader = running.reader();
    CHECK(cursors_in(reader.journal(0, everything)) == std::vector<std::int64_t>{1, 3, 8, 9, 10});
    CHECK(reader.journal(1, 1).at(0).first_cursor == 2);
    CHECK(reader.journal(1, 1).at(0).bytes.empty());
    CHECK(reader.journal_beginning(6, 4'000'000, 100)->bytes.empty());
    CHECK(running.journal(large_block(11)).ok);
}

TEST_CASE("a snapshot has the blocks itself, and one that refers to files is refused") {
    const TemporaryFolder folder;
    const Cancel never = false;
    const auto snapshot = folder.file("snapshot");
    {
        RunningStore running(with_bytes(folder, 16 * 30'000));
        for (std::int64_t cursor = 1; cursor <= 6; ++cursor) running.journal(large_block(cursor));
        fs::remove(blocks_folder_of(folder.file()) / "1");  // as if dropped while it was read
        save_snapshot({.file = folder.file()}, folder.path(), snapshot, never);
        CHECK(references_in(snapshot) == 0);
        const auto staged = stage_snapshot(snapshot, folder.file("staged"), folder.path(), {}, {}, never);
        REQUIRE(running.journal(large_block(7)).ok);
        REQUIRE(running.change(LoadSnapshot{staged.database}).ok);
        CHECK(cursors_in(running.reader().journal(0, everything)) == std::vector<std::int64_t>{3, 4, 5, 6});
        CHECK(running.reader().journal(2, 1).at(0).bytes == large_block(3).bytes);
        CHECK(files_of(folder).empty());
        REQUIRE(running.journal(large_block(8)).ok);
    }
    RunningStore running(with_bytes(folder, 16 * 30'000));
    CHECK(cursors_in(running.reader().journal(0, everything)) == std::vector<std::int64_t>{3, 4, 5, 6, 8});

    save_snapshot({.file = folder.file()}, folder.path(), snapshot, never);
    fs::resize_file(snapshot, fs::file_size(snapshot) / 4096 * 4096);  // without its seal, as one from elsewhere
    run_sql(snapshot,
            "DROP TABLE snapshot_format; UPDATE journal SET bytes = CAST(x'00000000' || printf('%074d', 1) AS BLOB)");
    CHECK_THROWS_WITH_AS(check_snapshot(snapshot, folder.file("scratch"), {}, never),
                         doctest::Contains("are in other files"), SnapshotError);
}

}  // namespace storage
