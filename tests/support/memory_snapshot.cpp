#include "tests/support/memory_snapshot.h"

#include "storage/row_codec.h"
#include "storage/sqlite_handle.h"
#include "storage/tables.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <string>

namespace test {
namespace {

storage::Submission everything_of(const Tables& tables) {
    storage::Submission all;
    all.sequence = 1;
    for (const auto& [id, settings] : tables.connectors) all.changes.push_back(storage::PutConnector{{id, settings}});
    for (const auto& [id, row] : tables.identities) all.changes.push_back(storage::PutIdentity{row});
    for (const auto& [key, row] : tables.sessions) all.changes.push_back(storage::PutSession{row});
    for (const auto& [key, row] : tables.content) all.changes.push_back(storage::PutContent{row});
    for (const auto& [key, value] : tables.meta) all.changes.push_back(storage::PutMeta{key, value});
    for (const auto& mark : tables.hidden) all.changes.push_back(storage::HideEvents{mark});
    for (const auto& [key, row] : tables.values) all.values.push_back({key.first, row});
    all.journal = tables.journal;
    return all;
}

template <typename Each>
void each_row(storage::Connection& connection, const std::string& table, const Each& each) {
    auto select = connection.prepare("SELECT * FROM " + table);
    storage::Query row(select);
    while (row.next()) each(row);
}

void read_devices(Tables& tables, storage::Connection& from) {
    each_row(from, "connectors", [&](const auto& row) { tables.connectors[row.string_at(0)] = row.string_at(1); });
    each_row(from, "identities", [&](const auto& row) { tables.identities[row.integer_at(0)] = read_identity(row); });
    each_row(from, "device_values", [&](const auto& row) {
        tables.values[{row.integer_at(0), row.string_at(1)}] = read_value(row, 1);
    });
    each_row(from, "sessions", [&](const auto& row) {
        tables.sessions[{row.integer_at(0), row.string_at(1)}] = read_session(row, 0);
    });
    each_row(from, "content", [&](const auto& row) {
        tables.content[{row.string_at(0), row.string_at(1)}] = read_content(row);
    });
}

void read_rest(Tables& tables, storage::Connection& from) {
    each_row(from, "journal", [&](const auto& row) { tables.journal.push_back(read_block(row, 7)); });
    each_row(from, "hidden_events", [&](const auto& row) {
        tables.hidden.push_back({row.string_at(0), row.string_at(1), row.integer_at(2)});
    });
    each_row(from, "meta", [&](const auto& row) { tables.meta[row.string_at(0)] = row.string_at(1); });
    each_row(from, "counters", [&](const auto& row) {
        if (row.bytes_at(0) == "max_device_id") {
            tables.max_device_id = std::max(tables.max_device_id, row.integer_at(1));
        } else if (row.bytes_at(0) == "journal_last_cursor") {
            tables.last_cursor = std::max(tables.last_cursor, row.integer_at(1));
        }
    });
}

}  // namespace

void write_database(const Tables& tables, const std::filesystem::path& file) {
    for (const auto* suffix : {"", "-wal", "-shm", "-redo"}) std::filesystem::remove(file.string() + suffix);
    bool ok = false;
    const auto store = storage::open_store({.file = file,
                                            .durability = storage::Durability::off,
                                            .commit_here_bytes = std::numeric_limits<std::uint64_t>::max()});
    store->start([&ok](std::vector<storage::Submission>&&, const storage::CommitResult& result) { ok = result.ok; });
    store->submit(everything_of(tables));
    if (!ok) std::abort();  // it was committed within submit(), and what is in memory fits the schema
}

void load_staged(Tables& tables, const std::filesystem::path& staged) {
    storage::Connection from(staged, "");
    Tables loaded;
    loaded.max_device_id = tables.max_device_id;
    loaded.last_cursor = tables.newest_cursor();
    for (const auto& [key, value] : tables.meta) {
        const auto keys = storage::state_meta();
        if (std::find(keys.begin(), keys.end(), key) == keys.end()) loaded.meta[key] = value;
    }
    read_devices(loaded, from);
    read_rest(loaded, from);
    loaded.last_cursor = loaded.newest_cursor();
    tables = std::move(loaded);
}

}  // namespace test
