#pragma once
// Writes a commit group in one transaction.

#include "storage/change_writer.h"
#include "storage/journal_writer.h"
#include "storage/sqlite_handle.h"
#include "storage/value_writer.h"

#include <cstdint>
#include <span>

namespace storage {

// Used by one thread at a time.
class GroupWriter {
  public:
    // `options`: the ones that `connection` was opened with.
    GroupWriter(Connection& connection, const Options& options);

    // Reads what the writer keeps in memory about the tables. commit() does it when needed; the start does it to find
    // damage before the first message. Throws SqliteError.
    void load();

    // While another program writes: usual waits a moment, none fails at once.
    enum class Patience : std::uint8_t { none, usual };
    // Writes the whole group; if it throws, nothing of it. The next group may follow in both cases.
    void commit(std::span<const Submission> group, Patience patience);

  private:
    void apply(const Submission& submission);
    void apply(const Change& change);
    void load_snapshot(const LoadSnapshot& change);
    void note_device(std::int64_t device_id);
    void write_max_device();
    void abandon() noexcept;

    Connection& connection_;
    ChangeWriter changes_;
    ValueWriter values_;
    JournalWriter journal_;
    Statement begin_;
    Statement commit_;
    std::int64_t max_device_ = 0;      // seen so far
    std::int64_t written_device_ = 0;  // in the table
    bool loaded_ = false;
};

}  // namespace storage
