#include "storage/row_copier.h"

#include <sqlite3.h>

namespace storage {

Statement RowCopier::insert_into(const Table& table, int columns) {
    std::string sql = "INSERT OR REPLACE INTO " + std::string(table.name) + " VALUES(?";
    for (int column = 1; column < columns; ++column) sql += ",?";
    return to_.prepare(sql + ")");
}

void RowCopier::copy_in_order(const Table& table, const std::string& rest, std::uint64_t& rows) {
    Statement select = from_.prepare("SELECT * FROM " + std::string(table.name) + rest);
    const int columns = sqlite3_column_count(select.get());
    Statement insert = insert_into(table, columns);
    Query source(select);
    while (source.next()) {
        if (cancel_ != nullptr && *cancel_) throw SqliteError(SQLITE_INTERRUPT, "interrupted");
        Query target(insert);
        for (int column = 0; column < columns; ++column) target.value_of(select, column);
        if (put(target)) ++rows;
    }
}

// A row that breaks its table's promises is no reason to leave out those behind it when a database is recovered.
bool RowCopier::put(Query& row) const {
    if (!lenient_) {
        row.run();
        return true;
    }
    try {
        row.run();
        return true;
    } catch (const SqliteError&) {
        return false;
    }
}

std::uint64_t RowCopier::copy(const Table& table, const std::string& condition) {
    std::uint64_t rows = 0;
    copy_in_order(table, condition.empty() ? "" : " WHERE " + condition, rows);
    return rows;
}

RowCopier::Salvaged RowCopier::salvage(const Table& table) {
    const std::string count = "SELECT COUNT(*) FROM " + std::string(table.name);
    Salvaged found;
    lenient_ = true;
    std::uint64_t forwards = 0;
    try {
        copy_in_order(table, " ORDER BY " + std::string(table.forwards), forwards);
    } catch (const SqliteError&) {
        found.whole = false;
    }
    if (!found.whole) {
        std::uint64_t backwards = 0;
        try {
            copy_in_order(table, " ORDER BY " + std::string(table.backwards), backwards);
        } catch (const SqliteError&) {
            // That was the other side of the same damage.
        }
    }
    found.rows = static_cast<std::uint64_t>(to_.integer(count));
    return found;
}

}  // namespace storage
