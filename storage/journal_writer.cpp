#include "storage/journal_writer.h"

#include <algorithm>

#include <sqlite3.h>

namespace storage {

namespace {

// Such a row is written again with each small commit that makes it grow: two of them to a page of 8 KiB.
constexpr std::uint64_t page_block_bytes = 3900;
constexpr std::uint64_t min_drops_per_group = 8;
constexpr std::uint64_t outside_bytes = 16'384;  // from here on a block goes to a file
constexpr std::uint64_t merged_bytes = 65'536;
constexpr std::uint64_t largest_file_bytes = 4 * 1024 * 1024;  // soon removed, and not too many of them

std::string with_size(std::string_view select, std::string_view rest) {
    return std::string(select).append(block_size_sql).append(rest);
}

}  // namespace

JournalWriter::JournalWriter(Connection& connection, const std::filesystem::path& database, const JournalCaps& caps,
                             Durability durability)
    : connection_(connection),
      caps_(caps),
      files_(database, std::min(largest_file_bytes, caps.max_bytes / 16), durability == Durability::full),
      put_(connection.prepare("INSERT OR REPLACE INTO journal(first_cursor, last_cursor, first_timestamp_us, "
                              "last_timestamp_us, events, events_before, bytes_before, bytes) "
                              "VALUES(?,?,?,?,?,?,?,?)")),
      drop_(connection.prepare("DELETE FROM journal WHERE first_cursor = ?")),
      find_oldest_(connection.prepare(with_size("SELECT first_cursor, events, events_before, bytes_before, ",
                                                " FROM journal ORDER BY first_cursor LIMIT 1"))) {}

void JournalWriter::load(std::int64_t logged_cursor) {
    unwritten_ = false;
    added_events_ = 0;
    added_bytes_ = 0;
    load_newest();
    load_oldest();
    // The counter is that of the files while a snapshot replaces rows, which it may do with older ones.
    files_.resume(std::max({newest_.block.last_cursor, counter("journal_last_cursor"), logged_cursor}));
}

void JournalWriter::load_newest() {
    newest_ = {};
    growing_ = false;
    static const std::string sql = with_size(
        "SELECT first_cursor, last_cursor, first_timestamp_us, last_timestamp_us, events, events_before, "
        "bytes_before, ",
        ", CASE WHEN length(bytes) < 3900 THEN bytes END FROM journal ORDER BY first_cursor DESC LIMIT 1");
    Query query(connection_.cached(sql));
    if (!query.next()) {
        newest_.events_before = static_cast<std::uint64_t>(counter("journal_events"));
        newest_.block.last_cursor = counter("journal_last_cursor");
        return;
    }
    JournalBlock& block = newest_.block;
    block.first_cursor = query.integer_at(0);
    block.last_cursor = query.integer_at(1);
    block.first_timestamp_us = query.integer_at(2);
    block.last_timestamp_us = query.integer_at(3);
    block.events = static_cast<std::uint32_t>(query.integer_at(4));
    newest_.events_before = static_cast<std::uint64_t>(query.integer_at(5));
    newest_.bytes_before = static_cast<std::uint64_t>(query.integer_at(6));
    newest_.size = static_cast<std::uint64_t>(query.integer_at(7));
    growing_ = !query.null_at(8) && !decode_reference(query.bytes_at(8));
    if (growing_) block.bytes = query.bytes_at(8);
}

void JournalWriter::load_oldest() {
    oldest_ = {};
    Query query(find_oldest_);
    if (!query.next()) return;
    oldest_.block.first_cursor = query.integer_at(0);
    oldest_.block.events = static_cast<std::uint32_t>(query.integer_at(1));
    oldest_.events_before = static_cast<std::uint64_t>(query.integer_at(2));
    oldest_.bytes_before = static_cast<std::uint64_t>(query.integer_at(3));
    oldest_.size = static_cast<std::uint64_t>(query.integer_at(4));
}

void JournalWriter::append(const JournalBlock& block) {
    append(block, std::nullopt);
}

void JournalWriter::append(const UnsettledBlock& block) {
    append(block.block, block.reference);
}

void JournalWriter::append(const JournalBlock& block, const std::optional<BlockReference>& stored) {
    if (block.events == 0) return;
    if (block.first_cursor <= newest_.block.last_cursor || block.last_cursor < block.first_cursor) {
        throw SqliteError(SQLITE_CONSTRAINT, "journal cursors must rise: " + std::to_string(block.first_cursor) +
                                                 " after " + std::to_string(newest_.block.last_cursor));
    }
    added_events_ += block.events;
    added_bytes_ += stored ? stored->size : block.bytes.size();
    if (!stored && fits(block)) {
        grow(block);
    } else {
        begin_row(block, stored);
    }
}

std::optional<BlockReference> JournalWriter::put_outside(const JournalBlock& block) {
    if (block.events == 0 || !goes_outside(block.bytes.size())) return std::nullopt;
    return files_.append(block.first_cursor, block.bytes);
}

bool JournalWriter::goes_outside(std::uint64_t bytes) {
    return bytes >= outside_bytes;
}

// A row is dropped as a whole, so it stays small against the caps too.
RowLimits JournalWriter::limits(std::uint64_t bytes) const {
    return {std::min(bytes, caps_.max_bytes / 16), caps_.max_events / 16};
}

RowLimits JournalWriter::merge_limits() const {
    return limits(merged_bytes);
}

bool JournalWriter::fits(const JournalBlock& block) const {
    const auto most = limits(page_block_bytes);
    return growing_ && newest_.size + block.bytes.size() <= most.bytes &&
           newest_.block.events + std::uint64_t{block.events} <= most.events;
}

void JournalWriter::grow(const JournalBlock& block) {
    JournalBlock& row = newest_.block;
    row.last_cursor = block.last_cursor;
    row.first_timestamp_us = std::min(row.first_timestamp_us, block.first_timestamp_us);
    row.last_timestamp_us = std::max(row.last_timestamp_us, block.last_timestamp_us);
    row.events += block.events;
    row.bytes += block.bytes;
    newest_.size += block.bytes.size();
    unwritten_ = true;
}

void JournalWriter::begin_row(const JournalBlock& block, const std::optional<BlockReference>& stored) {
    write_newest();
    const bool first = newest_.block.events == 0;
    if (oldest_.block.first_cursor == newest_.block.first_cursor) {  // it grew since it was read
        oldest_.block.events = newest_.block.events;
        oldest_.size = newest_.size;
    }
    newest_.events_before = newest_.events_end();
    newest_.bytes_before = newest_.bytes_end();
    newest_.size = stored ? stored->size : block.bytes.size();
    JournalBlock& row = newest_.block;
    row.first_cursor = block.first_cursor;
    row.last_cursor = block.last_cursor;
    row.first_timestamp_us = block.first_timestamp_us;
    row.last_timestamp_us = block.last_timestamp_us;
    row.events = block.events;
    growing_ = !stored && newest_.size < page_block_bytes;
    if (growing_) {
        row.bytes = block.bytes;
        unwritten_ = true;
    } else {
        put_large(block, stored);
        row.bytes.clear();
    }
    if (first) {
        oldest_ = newest_;
        oldest_.block.bytes.clear();
    }
}

// From the submission to the file or the table, with no copy here.
void JournalWriter::put_large(const JournalBlock& block, const std::optional<BlockReference>& stored) {
    const auto reference = stored ? stored : put_outside(block);
    if (!reference) return put(newest_, block.bytes);
    put(newest_, encode_reference(*reference));
}

void JournalWriter::write_newest() {
    if (!unwritten_) return;
    put(newest_, newest_.block.bytes);
    unwritten_ = false;
}

void JournalWriter::put(const Row& row, std::string_view bytes) {
    const JournalBlock& block = row.block;
    Query query(put_);
    query.integer(block.first_cursor).integer(block.last_cursor);
    query.integer(block.first_timestamp_us).integer(block.last_timestamp_us).integer(block.events);
    query.integer(static_cast<std::int64_t>(row.events_before)).integer(static_cast<std::int64_t>(row.bytes_before));
    query.blob(bytes).run();
}

void JournalWriter::finish() {
    write_newest();
    files_.sync();
    std::uint64_t drops = 0;
    std::uint64_t events = 0;
    std::uint64_t bytes = 0;
    while (over_caps()) {
        if (drops >= min_drops_per_group && events > 2 * added_events_ && bytes > 2 * added_bytes_) break;
        ++drops;
        events += oldest_.block.events;
        bytes += oldest_.size;
        drop_oldest();
    }
    added_events_ = 0;
    added_bytes_ = 0;
}

// The newest row stays, however large it is.
bool JournalWriter::over_caps() const {
    if (newest_.block.events == 0 || oldest_.block.first_cursor == newest_.block.first_cursor) return false;
    return newest_.events_end() - oldest_.events_before > caps_.max_events ||
           newest_.bytes_end() - oldest_.bytes_before > caps_.max_bytes;
}

void JournalWriter::drop_oldest() {
    Query(drop_).integer(oldest_.block.first_cursor).run();
    load_oldest();
}

std::int64_t JournalWriter::counter(std::string_view name) {
    Query query(connection_.cached("SELECT value FROM counters WHERE name = ?"));
    query.text(name);
    return query.next() ? query.integer_at(0) : 0;
}

}  // namespace storage
