#pragma once
// The journal's table: adds blocks, and drops the oldest when a cap is reached.

#include "storage/block_files.h"
#include "storage/sqlite_handle.h"
#include "storage/storage.h"
#include "storage/unsettled.h"

#include <cstdint>
#include <optional>
#include <string>

namespace storage {

// Writer thread only, within a transaction. Small blocks are merged into rows of one page, because a row per event
// would cost a million rows and their keys; neighbouring blocks concatenated are a valid block. Large blocks go to
// files (block_files.h).
class JournalWriter {
  public:
    // `database`: its file.
    JournalWriter(Connection& connection, const std::filesystem::path& database, const JournalCaps& caps,
                  Durability durability);

    // Reads the ends of the table: at a start and after a rollback. Block files up to `logged_cursor` stay, because the
    // redo log refers to them. Throws SqliteError.
    void load(std::int64_t logged_cursor);
    // Behind load(): the rows that are there now have their bytes, and none is of before.
    void replaced() { files_.give_up_all(); }
    // Cursors rise from block to block; others are refused with SqliteError (constraint).
    void append(const JournalBlock& block);
    void append(const UnsettledBlock& block);
    // Outside a transaction: writes a large block to its file; append() follows when the block is settled. nullopt: the
    // block is small. Throws SqliteError.
    std::optional<BlockReference> put_outside(const JournalBlock& block);
    static bool goes_outside(std::uint64_t bytes);
    std::int64_t newest_cursor() const { return newest_.block.last_cursor; }
    // How large a block may grow while it waits to be settled: large blocks cost less.
    RowLimits merge_limits() const;
    // End of a group: writes the row that grew and drops the oldest rows beyond the caps, at most about twice what the
    // group added (and at least eight), so that a lowered cap is reached in steps and no commit stalls.
    void finish();
    void committed() noexcept { files_.committed(oldest_.block.first_cursor); }

  private:
    struct Row {
        JournalBlock block;               // bytes only while it may grow
        std::uint64_t size = 0;           // of the bytes
        std::uint64_t events_before = 0;  // written before this row, ever
        std::uint64_t bytes_before = 0;   // only differences count
        std::uint64_t events_end() const { return events_before + block.events; }
        std::uint64_t bytes_end() const { return bytes_before + size; }
    };

    void load_newest();
    void load_oldest();
    void append(const JournalBlock& block, const std::optional<BlockReference>& stored);
    RowLimits limits(std::uint64_t bytes) const;
    bool fits(const JournalBlock& block) const;
    void grow(const JournalBlock& block);
    void begin_row(const JournalBlock& block, const std::optional<BlockReference>& stored);
    void put_large(const JournalBlock& block, const std::optional<BlockReference>& stored);
    void write_newest();
    void put(const Row& row, std::string_view bytes);
    bool over_caps() const;
    void drop_oldest();
    std::int64_t counter(std::string_view name);

    Connection& connection_;
    JournalCaps caps_;
    BlockFiles files_;
    Statement put_;
    Statement drop_;
    Statement find_oldest_;
    Row newest_;              // events 0: the table is empty; events_before and last_cursor say where to continue
    Row oldest_;              // without bytes
    bool growing_ = false;    // newest_ holds its bytes
    bool unwritten_ = false;  // newest_ is ahead of the table
    std::uint64_t added_events_ = 0;  // by this group
    std::uint64_t added_bytes_ = 0;
};

}  // namespace storage
