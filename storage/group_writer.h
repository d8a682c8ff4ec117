#pragma once
// Commits a group in one transaction, or a small submission by one write to the redo log.

#include "storage/change_writer.h"
#include "storage/journal_writer.h"
#include "storage/redo_log.h"
#include "storage/sqlite_handle.h"
#include "storage/unsettled.h"
#include "storage/value_writer.h"

#include <cstdint>
#include <memory>
#include <mutex>
#include <span>

namespace storage {

// Used by one thread at a time.
class GroupWriter {
  public:
    // `options`: the ones that `connection` was opened with.
    GroupWriter(Connection& connection, const Options& options);

    // Reads what the writer keeps in memory about the tables, to find damage before the first message, and settles the
    // redo log of a killed process. Throws SqliteError.
    void start();
    void stop() noexcept;  // settles; removes the log if that worked

    // While another program writes: usual waits a moment, none fails at once.
    enum class Patience : std::uint8_t { none, usual };
    // Writes the whole group, and everything unsettled, in one transaction; if it throws, nothing of it. The next group
    // may follow in both cases.
    void commit(std::span<const Submission> group, Patience patience);
    // Writes everything unsettled to the tables. Throws SqliteError.
    void settle(Patience patience);

    // True: one write has committed the submission, whose values are moved from. False: the caller must commit() it.
    bool log(Submission& submission) noexcept;

    bool has_unsettled() const { return unsettled_ != nullptr; }

    // What readers add to the tables' rows; nullptr if the tables have everything. Only log() changes it, on the thread
    // that reads. Any thread.
    std::shared_ptr<const Unsettled> unsettled() const;

  private:
    void load();
    bool may_log(const Submission& submission) const;
    void log_or_throw(Submission& submission);
    void apply_unsettled();
    void forget_unsettled() noexcept;
    void apply(const Submission& submission);
    void apply(const Change& change);
    void load_snapshot(const LoadSnapshot& change);
    void note_device(std::int64_t device_id);
    void write_counters();
    void write_counter(std::string_view name, std::int64_t value);
    void abandon() noexcept;

    Connection& connection_;
    ChangeWriter changes_;
    ValueWriter values_;
    JournalWriter journal_;
    RedoLog redo_;
    mutable std::mutex mutex_;
    std::shared_ptr<Unsettled> unsettled_;  // the pointer under mutex_
    std::uint64_t sequence_ = 0;            // of the newest record
    std::uint64_t settled_sequence_ = 0;    // in the table
    Statement begin_;
    Statement commit_;
    std::int64_t max_device_ = 0;      // seen so far
    std::int64_t written_device_ = 0;  // in the table
    bool loaded_ = false;
};

}  // namespace storage
