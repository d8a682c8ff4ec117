#include "storage/snapshot_load.h"

#include "storage/row_copier.h"
#include "storage/sqlite_handle.h"

#include <algorithm>
#include <string>

namespace storage {
namespace {

constexpr const char* newest_device = "SELECT value FROM counters WHERE name = 'max_device_id'";

void put_counter(Connection& connection, std::string_view name, std::int64_t value) {
    Query(connection.cached("INSERT OR REPLACE INTO counters(name, value) VALUES(?,?)"))
        .text(name)
        .integer(value)
        .run();
}

}  // namespace

std::int64_t newest_cursor(Connection& connection) {
    return connection.integer(
        "SELECT MAX(COALESCE((SELECT MAX(last_cursor) FROM journal), 0), "
        "COALESCE((SELECT value FROM counters WHERE name = 'journal_last_cursor'), 0))");
}

void replace_everything(Connection& connection, const std::filesystem::path& staged) {
    Connection from(staged, {});
    const auto cursor = std::max(newest_cursor(connection), newest_cursor(from));
    const auto device = std::max(connection.integer(newest_device), from.integer(newest_device));
    RowCopier copier(from, connection, nullptr);
    for (const Table& table : tables()) {
        std::string condition;
        if (table.name == "meta") {
            for (const auto key : state_meta())
                condition.append(condition.empty() ? "'" : ",'").append(key).append("'");
            condition.insert(0, "key IN (").push_back(')');
        }
        connection.execute("DELETE FROM " + std::string(table.name) + (condition.empty() ? "" : " WHERE " + condition));
        copier.copy(table, condition);
    }
    put_counter(connection, "journal_last_cursor", cursor);
    put_counter(connection, "max_device_id", device);
}

}  // namespace storage
