#pragma once
// Reads rows with the decoders that the server uses later, and reports rows it could not use. For databases and
// snapshots from elsewhere, or damaged by a disk or by hand.

#include "storage/row_copier.h"
#include "storage/row_rules.h"
#include "storage/sqlite_handle.h"
#include "storage/tables.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace storage {

struct BadRow {
    std::string table;
    std::string row;  // its key: device_id 7, client_id "a"
    std::string why;  // a clause

    std::string sentence() const;
};

// RowRules::most_counted for data from elsewhere: leaves room for a lifetime of rising.
inline constexpr std::int64_t most_counted_elsewhere = std::int64_t{1} << 52;
// The end of the year 9999, where the emulator's clock ends.
inline constexpr std::int64_t latest_clock_us = 253'402'300'799'999'999;

// `row` is at a row of SELECT * FROM `table`. Checks the row by itself; Promise is about rows together. Throws nothing
// but std::bad_alloc.
std::optional<BadRow> check_row(const Table& table, const Query& row, const RowRules& rules);

// Its key in words, as in BadRow.
std::string name_of_row(const Table& table, const Query& row);

// A rule about several rows, in SQL.
struct Promise {
    std::string_view table;
    std::string_view broken_by;  // SELECT of one text for each offending row, as BadRow::row
    std::string_view why;
    std::string_view mend;    // SQL that restores it
    bool costs_rows = false;  // rows are deleted; else only numbers change
};
std::span<const Promise> promises();

// The first row that is bad or breaks a promise. Missing tables (of a later version) are skipped. Throws SqliteError,
// also when cancelled (SQLITE_INTERRUPT); `cancel` may be null.
std::optional<BadRow> first_bad_row(Connection& connection, const RowRules& rules, const Cancel* cancel);

}  // namespace storage
