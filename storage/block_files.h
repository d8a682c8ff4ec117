#pragma once
// Large blocks of the journal stand in files beside the database: SQLite would write their bytes twice, to the WAL and
// at a checkpoint, page by page, and sum them up, although they never change. A block is there when its row
// (block_reference.h) is committed, and goes with it: what no row refers to is waste of a crash.
//
// <database>-blocks/<cursor>: the blocks from this cursor up to the one before the next file's name.

#include "storage/block_reference.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace storage {

std::filesystem::path blocks_folder_of(const std::filesystem::path& database);

// The block, or its first `most` bytes. Nothing: the file is not there, or holds something else; the block was dropped
// meanwhile, a power failure took it (durability normal), or somebody removed the file. Any thread.
std::optional<std::string> read_block_of(const std::filesystem::path& database, const BlockReference& reference,
                                         std::uint64_t most = ~std::uint64_t{0});

// All files together, bytes; 0 where there are none.
std::uintmax_t size_of_blocks(const std::filesystem::path& database);

// The writer's side. One thread at a time, like the writer.
class BlockFiles {
  public:
    // A file is closed beyond `file_bytes`. `lasting`: sync() is asked for before each commit.
    BlockFiles(const std::filesystem::path& database, std::uint64_t file_bytes, bool lasting);
    ~BlockFiles() { close(); }
    BlockFiles(const BlockFiles&) = delete;
    BlockFiles& operator=(const BlockFiles&) = delete;

    // At a start and after a rollback. The next block begins a file; those beyond `newest_cursor` belong to what was
    // never committed, and are removed at once: the disk may be full.
    void resume(std::int64_t newest_cursor);
    // Cursors rise from call to call. Throws SqliteError (full, ioerr), after which the transaction must be rolled
    // back.
    BlockReference append(std::int64_t first_cursor, std::string_view bytes);
    // Where it is lasting: what was appended is on the disk, not only with the system. Throws SqliteError.
    void sync();

    // No row that will be committed refers to a file that is there now.
    void give_up_all();
    // After a commit: removes files that were given up, and those whose blocks all lie before `oldest_cursor`.
    void committed(std::int64_t oldest_cursor) noexcept;

  private:
    void begin_file(std::int64_t first_cursor);
    void close() noexcept;
    std::filesystem::path path_of(std::int64_t file) const { return folder_ / std::to_string(file); }
    void remove(std::int64_t file) const noexcept;

    std::filesystem::path folder_;
    std::uint64_t file_bytes_;
    bool lasting_;
    int descriptor_ = -1;
    std::uint64_t offset_ = 0;
    bool unsynced_ = false;
    bool folder_unsynced_ = false;
    std::vector<std::int64_t> files_;     // rising; the last one is open where descriptor_ is
    std::vector<std::int64_t> given_up_;  // removed at the next commit
};

}  // namespace storage
