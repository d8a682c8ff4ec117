#include "storage/row_copier.h"

#include <sqlite3.h>

namespace storage {

Statement RowCopier::insert_into(const Table& table, int columns) {
    std::string sql = "INSERT OR REPLACE INTO " + std::string(table.name) + " VALUES(?";
    for (int column = 1; column < columns; ++column) sql += ",?";
    return to_.prepare(sql + ")");
}

std::uint64_t RowCopier::copy_in_order(const Table& table, const std::string& rest, const May& may,
                                       const Refused& refused) {
    Statement select = from_.prepare("SELECT * FROM " + std::string(table.name) + rest);
    const int columns = sqlite3_column_count(select.get());
    Statement insert = insert_into(table, columns);
    Query source(select);
    std::uint64_t rows = 0;
    while (source.next()) {
        if (cancel_ != nullptr && *cancel_) throw SqliteError(SQLITE_INTERRUPT, "interrupted");
        if (may && !may(source)) continue;
        Query target(insert);
        for (int column = 0; column < columns; ++column) target.value_of(select, column);
        try {
            target.run();
            ++rows;
        } catch (const SqliteError& error) {
            if (!refused) throw;
            refused(source, error.what());
        }
    }
    return rows;
}

std::uint64_t RowCopier::copy(const Table& table, const std::string& condition) {
    return copy_in_order(table, condition.empty() ? "" : " WHERE " + condition, {}, {});
}

// False: there is damage, and what came before it is copied.
bool RowCopier::salvage_in_order(const Table& table, std::string_view order, const May& may, const Refused& refused) {
    try {
        copy_in_order(table, " ORDER BY " + std::string(order), may, refused);
        return true;
    } catch (const SqliteError&) {
        return false;
    }
}

RowCopier::Salvaged RowCopier::salvage(const Table& table, const May& may, const Refused& refused) {
    Salvaged found;
    found.whole = salvage_in_order(table, table.forwards, may, refused);
    if (!found.whole) salvage_in_order(table, table.backwards, may, refused);  // to the other side of the damage
    found.rows = static_cast<std::uint64_t>(to_.integer("SELECT COUNT(*) FROM " + std::string(table.name)));
    return found;
}

}  // namespace storage
