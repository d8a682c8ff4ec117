#pragma once
// A snapshot with damaged columns or bytes is refused, or all of it can be read and the next commit succeeds.

#include "storage/sqlite_handle.h"
#include "storage/tables.h"
#include "tests/fuzz/targets/require.h"
#include "tests/unit/control/kept_world.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace fuzz {

struct SnapshotColumn {
    std::string table, keys, last_first, name;
};

inline std::vector<SnapshotColumn> snapshot_columns(const std::filesystem::path& file) {
    std::vector<SnapshotColumn> columns;
    storage::Connection connection(file, "");
    for (const auto& table : storage::tables()) {
        auto select = connection.prepare("SELECT name FROM pragma_table_info('" + std::string(table.name) + "')");
        storage::Query row(select);
        while (row.next()) {
            columns.push_back(
                {std::string(table.name), std::string(table.forwards), std::string(table.backwards), row.string_at(0)});
        }
    }
    return columns;
}

// The value is the rest of the input, as a number, a text or bytes.
inline void spoil_snapshot_column(const std::filesystem::path& file, const SnapshotColumn& column, unsigned kind,
                                  std::string_view value) {
    storage::Connection connection(file, "");
    auto update = connection.prepare("UPDATE " + column.table + " SET " + column.name + " = ? WHERE (" + column.keys +
                                     ") = (SELECT " + column.keys + " FROM " + column.table + " ORDER BY " +
                                     column.last_first + " LIMIT 1)");
    std::int64_t number = 0;
    for (const char byte : value.substr(0, 8))
        number = static_cast<std::int64_t>(static_cast<std::uint64_t>(number) << 8U | static_cast<unsigned char>(byte));
    storage::Query query(update);
    if (kind % 3 == 0) query.integer(number);
    if (kind % 3 == 1) query.text(value);
    if (kind % 3 == 2) query.blob(value);
    query.run();
}

inline void spoil_snapshot_bytes(const std::filesystem::path& file, std::string_view input) {
    std::fstream stream(file, std::ios::binary | std::ios::in | std::ios::out);
    const auto size = std::filesystem::file_size(file);
    for (; input.size() >= 4; input.remove_prefix(4)) {
        std::uint64_t at = 0;
        for (const char byte : input.substr(0, 3)) at = at << 8U | static_cast<unsigned char>(byte);
        stream.seekp(static_cast<std::streamoff>(at % size));
        stream.put(input[3]);
    }
}

// Byte 0: column, or bytes of the file; byte 1: kind of value; the rest: the value.
inline void control_snapshot(std::string_view input) {
    static const test::KeptWorld world;
    static const auto columns = snapshot_columns(world.changed(""));
    if (input.size() < 2) return;
    const auto which = static_cast<unsigned char>(input[0]);
    const auto kind = static_cast<unsigned char>(input[1]);
    const auto file = world.changed("");
    if (which >= 200) {
        spoil_snapshot_bytes(file, input.substr(2));
    } else {
        try {
            spoil_snapshot_column(file, columns[which % columns.size()], kind, input.substr(2));
        } catch (const storage::SqliteError&) {
            return;  // the table itself refuses it
        }
    }
    if (!world.refusal(file)) world.load_and_read(file);
}

}  // namespace fuzz
