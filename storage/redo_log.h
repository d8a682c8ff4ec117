#pragma once
// The redo log: small submissions are committed by one write to a file beside the database, and reach the tables
// together, later (group_writer.h). A commit of SQLite costs four writes, six locks and whole pages.
//
// <database>-redo: records (redo_record.h), whose sequences rise by one. The table of counters says which sequence the
// tables have; older records are over, and are written over. A clean stop leaves no file.

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

    // The records behind `settled`, without a gap; those behind a gap belong to another state of the database.
    std::vector<RedoRecord> records_behind(std::uint64_t settled) const;

    std::uint64_t size() const { return offset_; }  // bytes since it began anew
    // Kept when it returns, as far as a killed process is concerned. Throws SqliteError (full, ioerr), and then the
    // next record takes the same place.
    void append(std::uint64_t sequence, const Submission& submission,
                const std::vector<std::optional<BlockReference>>& references);
    // The tables have all of it.
    void begin_anew() noexcept { offset_ = 0; }
    void remove() noexcept;

  private:
    std::filesystem::path path_;
    RawFile file_;
    std::uint64_t offset_ = 0;
    std::string record_;  // memory that is used again
};

}  // namespace storage
