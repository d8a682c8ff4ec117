#include "storage/block_reference.h"
#include "storage/database_file.h"
#include "storage/migrations.h"
#include "storage/row_check.h"
#include "storage/schema.h"
#include "storage/snapshot.h"
#include "storage/snapshot_content.h"
#include "storage/snapshot_load.h"
#include "storage/snapshot_seal.h"

#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>

#include <sqlite3.h>

namespace fs = std::filesystem;

namespace storage {
namespace {

using Kind = SnapshotError::Kind;

constexpr std::string_view magic{"SQLite format 3\0", 16};
constexpr std::size_t header_bytes = 100;
constexpr std::size_t version_at = 60;
constexpr std::size_t application_at = 68;

std::uint32_t number_at(std::string_view header, std::size_t at) {
    std::uint32_t number = 0;
    for (const char byte : header.substr(at, 4)) number = number << 8U | static_cast<unsigned char>(byte);
    return number;
}

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
bool has_our_tables(Connection& connection, bool sealed) {
    Connection ours(":memory:", {});
    migrate(ours, migrations());
    ours.execute(snapshot_content_table);
    if (sealed) ours.execute(snapshot_format_table);
    return definitions(connection) == definitions(ours);
}

bool must_be_sealed(Connection& connection) {
    return connection.integer("SELECT COUNT(*) FROM sqlite_master WHERE name = 'snapshot_format'") > 0;
}

void check_integrity(Connection& connection) {
    Statement check = connection.prepare("PRAGMA integrity_check(1)");
    Query query(check);
    if (!query.next() || query.bytes_at(0) != "ok") {
        throw SnapshotError(Kind::not_a_snapshot,
                            "It is damaged (" + query.string_at(0) + "). Save or export it again.");
    }
}

// Before anything else is read: a newer version may have its own ways.
void refuse_newer(const fs::path& file) {
    const auto version = snapshot_version(file);
    const auto known = migrations().back().version;
    if (version <= known) return;
    throw SnapshotError(Kind::newer_version, "It was made by a newer murano-emulator, with version " +
                                                 std::to_string(version) + "; this one knows versions up to " +
                                                 std::to_string(known) + ".");
}

void check_and_migrate(Connection& connection, const fs::path& file, bool sealed) {
    try {
        check_version(connection, migrations(), file);
    } catch (const OpenError&) {
        // Its own words name the file, and who asks over the network need not know where that is.
        throw SnapshotError(Kind::not_a_snapshot, "It is an SQLite database of another program.");
    }
    if (connection.integer("PRAGMA user_version") == 0) throw SqliteError(SQLITE_NOTADB, "an empty file");
    if (must_be_sealed(connection) && !sealed) {
        throw SnapshotError(Kind::not_a_snapshot,
                            "Its last line, the checksum, is not there. Save or export it again, without a change.");
    }
    check_integrity(connection);
    migrate(connection, migrations());
    if (!has_our_tables(connection, must_be_sealed(connection))) {
        throw SnapshotError(Kind::not_a_snapshot, "It is a database, but no snapshot of murano-emulator.");
    }
}

void check_rows(Connection& connection, const RowRules& rules, const Cancel& cancel) {
    RowRules strict = rules;
    strict.most_counted = most_counted_elsewhere;
    if (const auto bad = first_bad_row(connection, strict, &cancel)) {
        throw SnapshotError(Kind::not_a_snapshot, bad->sentence() + ". Save or export it again.");
    }
}

// A file outside of the snapshot is nothing that it may speak of.
void refuse_references(Connection& connection) {
    if (connection.integer("SELECT COUNT(*) FROM journal WHERE " + std::string(is_reference_sql)) == 0) return;
    throw SnapshotError(Kind::not_a_snapshot,
                        "Blocks of its journal are in other files, as in the database of a server. Save or export it "
                        "again.");
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
             const NewFileName& new_name, const RowRules& rules, const Cancel& cancel) {
    Staged result{staged, 0, {}};
    refuse_newer(snapshot);
    copy_private(snapshot, staged);
    const bool sealed = unseal(staged, cancel);
    Connection connection(staged, {});
    distrust(connection);
    check_and_migrate(connection, snapshot, sealed);
    refuse_references(connection);
    check_rows(connection, rules, cancel);
    result.newest_cursor = newest_cursor(connection);
    connection.execute("BEGIN");
    result.content_files = unpack_content(connection, content_folder, new_name, cancel);
    connection.execute("COMMIT");
    return result;
}

}  // namespace

Staged stage_snapshot(const fs::path& snapshot, const fs::path& staged, const fs::path& content_folder,
                      const NewFileName& new_name, const RowRules& rules, const Cancel& cancel) {
    try {
        return stage(snapshot, staged, content_folder, new_name, rules, cancel);
    } catch (const SnapshotError&) {
        remove_database(staged);
        throw;
    } catch (const SqliteError& error) {
        remove_database(staged);
        if (error.code() == SQLITE_INTERRUPT) throw SnapshotError(Kind::cancelled, "The server is stopping.");
        throw SnapshotError(Kind::not_a_snapshot,
                            std::string("It is not a snapshot, or it is damaged (") + error.what() + ").");
    } catch (const std::exception& error) {  // SQLite's words for a file that is none of its own
        remove_database(staged);
        throw SnapshotError(Kind::not_a_snapshot,
                            std::string("It is not a snapshot, or it is damaged (") + error.what() + ").");
    }
}

void check_snapshot(const fs::path& snapshot, const fs::path& scratch, const RowRules& rules, const Cancel& cancel) {
    stage_snapshot(snapshot, scratch, {}, {}, rules, cancel);
    remove_database(scratch);
}

int snapshot_version(const fs::path& snapshot) {
    std::string header(header_bytes, '\0');
    std::ifstream(snapshot, std::ios::binary).read(header.data(), static_cast<std::streamsize>(header.size()));
    if (!header.starts_with(magic) || number_at(header, application_at) != application_id) return 0;
    return static_cast<int>(number_at(header, version_at));
}

}  // namespace storage
