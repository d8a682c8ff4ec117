#pragma once
// Large journal blocks are kept in files beside the database: SQLite would write their bytes twice, to the WAL and at a
// checkpoint, page by page, and checksum them, although they never change. A block exists while its row
// (block_reference.h) is committed; bytes that no row refers to were left by a crash.
//
// <database>-blocks/<cursor>: the blocks from this cursor up to the next file's name, exclusive.

#include "storage/block_reference.h"
#include "storage/raw_file.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace storage {

std::filesystem::path blocks_folder_of(const std::filesystem::path& database);

// The block, or its first `most` bytes. nullopt: the file is missing or holds something else (the block was dropped, a
// power failure lost it with durability normal, or the file was removed by hand). Any thread.
std::optional<std::string> read_block_of(const std::filesystem::path& database, const BlockReference& reference,
                                         std::uint64_t most = ~std::uint64_t{0});

// Bytes of all files together; 0: there are none.
std::uintmax_t size_of_blocks(const std::filesystem::path& database);

// The writer's side. One thread at a time, like the writer.
class BlockFiles {
  public:
    // A file is closed beyond `file_bytes`. `lasting`: the caller calls sync() before each commit.
    BlockFiles(const std::filesystem::path& database, std::uint64_t file_bytes, bool lasting);

    // Call at a start and after a rollback. The next block begins a file; files beyond `newest_cursor` hold only
    // uncommitted blocks and are removed at once, because the disk may be full.
    void resume(std::int64_t newest_cursor);
    // Cursors rise from call to call. Throws SqliteError (full, ioerr); the transaction must then be rolled back.
    BlockReference append(std::int64_t first_cursor, std::string_view bytes);
    // If lasting: forces the appended bytes from the system to the disk. Throws SqliteError.
    void sync();

    // No row that will be committed refers to a file that exists now.
    void give_up_all();
    // After a commit: removes files that were given up, and files with only blocks before `oldest_cursor`.
    void committed(std::int64_t oldest_cursor) noexcept;

  private:
    void begin_file(std::int64_t first_cursor);
    void close() noexcept;
    std::filesystem::path path_of(std::int64_t file) const { return folder_ / std::to_string(file); }
    void remove(std::int64_t file) const noexcept;

    std::filesystem::path folder_;
    std::uint64_t file_bytes_;
    bool lasting_;
    RawFile open_;
    std::uint64_t offset_ = 0;
    bool unsynced_ = false;
    bool folder_unsynced_ = false;
    std::vector<std::int64_t> files_;     // rising; the last one is open_ if that is open
    std::vector<std::int64_t> given_up_;  // removed at the next commit
};

}  // namespace storage
