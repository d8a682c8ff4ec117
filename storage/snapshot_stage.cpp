#include "storage/database_file.h"
#include "storage/migrations.h"
#include "storage/snapshot.h"
#include "storage/snapshot_content.h"

#include <array>
#include <fstream>

#include <sqlite3.h>

namespace fs = std::filesystem;

namespace storage {
namespace {

using Kind = SnapshotError::Kind;

constexpr std::size_t header_bytes = 100;
constexpr std::size_t version_at = 60;

// A file from elsewhere is only ever read as rows: it must not run anything.
void distrust(Connection& connection) {
    sqlite3* handle = connection.get();
    for (const int option :
         {SQLITE_DBCONFIG_ENABLE_TRIGGER, SQLITE_DBCONFIG_ENABLE_VIEW, SQLITE_DBCONFIG_TRUSTED_SCHEMA}) {
        sqlite3_db_config(handle, option, 0, nullptr);
    }
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    connection.execute("PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY; PRAGMA synchronous = OFF");
    connection.execute("PRAGMA journal_mode = DELETE");
}

std::vector<std::string> definitions(Connection& connection) {
    std::vector<std::string> all;
    Statement select = connection.prepare(
        "SELECT type || ' ' || name || ' ' || sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type, name");
    Query query(select);
    while (query.next()) all.push_back(query.string_at(0));
    return all;
}

// Whatever a table of ours promises (types, keys, NOT NULL) holds only where the table is ours.
bool has_our_tables(Connection& connection) {
    Connection ours(":memory:", {});
    migrate(ours, migrations());
    ours.execute(snapshot_content_table);
    return definitions(connection) == definitions(ours);
}

void check_integrity(Connection& connection) {
    Statement check = connection.prepare("PRAGMA integrity_check(1)");
    Query query(check);
    if (!query.next() || query.bytes_at(0) != "ok") {
        throw SnapshotError(Kind::not_a_snapshot,
                            "It is damaged (" + query.string_at(0) + "). Save or export it again.");
    }
}

void check_and_migrate(Connection& connection, const fs::path& file) {
    try {
        check_version(connection, migrations(), file);
    } catch (const OpenError& error) {
        if (error.kind() != OpenError::Kind::newer_version) throw;
        throw SnapshotError(Kind::newer_version, "It was made by a newer murano-emulator, with version " +
                                                     std::to_string(connection.integer("PRAGMA user_version")) +
                                                     "; this one knows versions up to " +
                                                     std::to_string(migrations().back().version) + ".");
    }
    if (connection.integer("PRAGMA user_version") == 0) throw SqliteError(SQLITE_NOTADB, "an empty file");
    check_integrity(connection);
    migrate(connection, migrations());
    if (!has_our_tables(connection)) {
        throw SnapshotError(Kind::not_a_snapshot, "It is a database, but no snapshot of murano-emulator.");
    }
}

void remove_database(const fs::path& file) {
    std::error_code ignored;
    for (const auto* suffix : {"", "-wal", "-shm", "-journal"}) fs::remove(file.string() + suffix, ignored);
}

void copy_private(const fs::path& from, const fs::path& to) {
    std::error_code error;
    (void)create_private_database(to);
    fs::copy_file(from, to, fs::copy_options::overwrite_existing, error);
    if (error) {
        throw SnapshotError(Kind::io, "The file cannot be read or copied: " + error.message() + ".");
    }
}

Staged stage(const fs::path& snapshot, const fs::path& staged, const fs::path& content_folder,
             const NewFileName& new_name, const Cancel& cancel) {
    Staged result{staged, 0, {}};
    copy_private(snapshot, staged);
    Connection connection(staged, {});
    distrust(connection);
    check_and_migrate(connection, snapshot);
    result.newest_cursor = connection.integer(
        "SELECT MAX(COALESCE((SELECT MAX(last_cursor) FROM journal), 0), "
        "COALESCE((SELECT value FROM counters WHERE name = 'journal_last_cursor'), 0))");
    connection.execute("BEGIN");
    result.content_files = unpack_content(connection, content_folder, new_name, cancel);
    connection.execute("COMMIT");
    return result;
}

}  // namespace

Staged stage_snapshot(const fs::path& snapshot, const fs::path& staged, const fs::path& content_folder,
                      const NewFileName& new_name, const Cancel& cancel) {
    try {
        return stage(snapshot, staged, content_folder, new_name, cancel);
    } catch (const SnapshotError&) {
        remove_database(staged);
        throw;
    } catch (const std::exception& error) {  // SQLite's words for a file that is none of its own
        remove_database(staged);
        throw SnapshotError(Kind::not_a_snapshot,
                            std::string("It is no snapshot, or it is damaged (") + error.what() + ").");
    }
}

void check_snapshot(const fs::path& snapshot, const fs::path& scratch, const Cancel& cancel) {
    stage_snapshot(snapshot, scratch, {}, {}, cancel);
    remove_database(scratch);
}

int snapshot_version(const fs::path& snapshot) {
    std::array<char, header_bytes> header{};
    std::ifstream(snapshot, std::ios::binary).read(header.data(), header.size());
    int version = 0;
    for (std::size_t at = version_at; at < version_at + 4; ++at) {
        version = version * 256 + static_cast<unsigned char>(header.at(at));
    }
    return version;
}

}  // namespace storage
