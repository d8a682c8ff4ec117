#include "storage/row_copier.h"

#include "storage/block_files.h"

#include <utility>

#include <sqlite3.h>

namespace storage {

namespace {

constexpr int journal_bytes_column = 7;

}  // namespace

Statement RowCopier::insert_into(const Table& table, int columns) {
    std::string sql = "INSERT OR REPLACE INTO " + std::string(table.name) + " VALUES(?";
    for (int column = 1; column < columns; ++column) sql += ",?";
    return to_.prepare(sql + ")");
}

// False: the row is to be left out. `block` stays empty where the row has all of its bytes.
bool RowCopier::read_block(const Table& table, const Query& source, std::string& block) const {
    block.clear();
    if (blocks_ == Blocks::referred_to || table.name != "journal") return true;
    const auto reference = decode_reference(source.bytes_at(journal_bytes_column));
    if (!reference) return true;
    auto read = read_block_of(source.database(), *reference);
    if (read) block = std::move(*read);
    return read.has_value();
}

std::uint64_t RowCopier::copy_in_order(const Table& table, const std::string& rest, const May& may,
                                       const Refused& refused) {
    Statement select = from_.prepare("SELECT * FROM " + std::string(table.name) + rest);
    const int columns = sqlite3_column_count(select.get());
    Statement insert = insert_into(table, columns);
    Query source(select);
    std::uint64_t rows = 0;
    std::string block;
    while (source.next()) {
        if (cancel_ != nullptr && *cancel_) throw SqliteError(SQLITE_INTERRUPT, "interrupted");
        if (may && !may(source)) continue;
        if (!read_block(table, source, block)) continue;
        Query target(insert);
        for (int column = 0; column < columns; ++column) {
            if (!block.empty() && column == journal_bytes_column) {
                target.blob(std::string_view(block));
            } else {
                target.value_of(select, column);
            }
        }
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
