#pragma once
// The redo log: one write to a file beside the database commits a small submission; the tables take many of them
// together, later (group_writer.h). A commit of SQLite costs four writes, six locks and whole pages.
//
// <database>-redo: records (redo_record.h) whose sequences rise by one. The table of counters has the newest sequence
// that the tables have; older records are obsolete and are overwritten. A clean stop removes the file.

#include "storage/raw_file.h"
#include "storage/redo_record.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace storage {

std::filesystem::path redo_log_of(const std::filesystem::path& database);

// One thread at a time, like the writer.
class RedoLog {
  public:
    explicit RedoLog(const std::filesystem::path& database) : path_(redo_log_of(database)) {}

    // The records after `settled`, without a gap; records after a gap belong to another state of the database.
    std::vector<RedoRecord> records_behind(std::uint64_t settled) const;

    std::uint64_t size() const { return offset_; }  // bytes since it began anew
    // After it returns, a kill of the process does not lose the record. Throws SqliteError (full, ioerr); the next
    // record then takes the same place.
    void append(std::uint64_t sequence, const Submission& submission,
                const std::vector<std::optional<BlockReference>>& references);
    // Call when the tables have every record.
    void begin_anew() noexcept { offset_ = 0; }
    void remove() noexcept;

  private:
    std::filesystem::path path_;
    RawFile file_;
    std::uint64_t offset_ = 0;
    std::string record_;  // memory that is used again
};

}  // namespace storage
