#include "storage/recovery.h"

#include "storage/database_file.h"
#include "storage/migrations.h"
#include "storage/row_copier.h"
#include "storage/sqlite_handle.h"

#include <algorithm>

#include <sqlite3.h>

namespace fs = std::filesystem;

namespace storage {
namespace {

// The broken file stays as it is: its WAL is read, and never moved into it.
std::unique_ptr<Connection> open_untouched(const fs::path& file) {
    auto connection = std::make_unique<Connection>(file, std::string());
    sqlite3_db_config(connection->get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    connection->execute("PRAGMA query_only = ON");
    return connection;
}

bool is_sound(Connection& connection, const fs::path& file) {
    try {
        check_version(connection, migrations(), file);
        Statement check = connection.prepare("PRAGMA integrity_check(1)");
        Query query(check);
        return query.next() && query.bytes_at(0) == "ok";
    } catch (const OpenError& error) {
        if (error.kind() == OpenError::Kind::newer_version) throw;
        return false;
    } catch (const SqliteError& error) {
        if (error.code() == SQLITE_BUSY || error.code() == SQLITE_LOCKED) throw explain(error, file);
        return false;
    }
}

// The steps to the version of the broken file, so that its rows fit; those that are missing are taken at the start.
std::span<const Migration> steps_to_version_of(Connection& broken) {
    const auto all = migrations();
    try {
        const auto version = broken.integer("PRAGMA user_version");
        if (version >= 1 && version <= all.back().version) return all.first(static_cast<std::size_t>(version));
    } catch (const SqliteError&) {
        // The header is gone, and so is everything else, most likely.
    }
    return all;
}

// Ids and cursors that were given must not be given again.
constexpr const char* keep_cursors =
    "INSERT OR REPLACE INTO counters(name, value) SELECT 'journal_last_cursor', MAX("
    "COALESCE((SELECT value FROM counters WHERE name = 'journal_last_cursor'), 0),"
    "COALESCE((SELECT MAX(last_cursor) FROM journal), 0))";

void leave_out(Recovery& recovery, BadRow&& row) {
    ++recovery.rows_left_out;
    if (recovery.left_out.size() < Recovery::most_told) recovery.left_out.push_back(std::move(row));
}

void salvage_table(RowCopier& copier, const Table& table, const RowRules& rules, Recovery& recovery) {
    const auto may = [&](const Query& row) {
        auto bad = check_row(table, row, rules);
        if (bad) leave_out(recovery, std::move(*bad));
        return !bad;
    };
    const auto refused = [&](const Query& row, const std::string& why) {
        leave_out(recovery, {std::string(table.name), name_of_row(table, row), why});
    };
    const auto rows = copier.salvage(table, may, refused);
    recovery.tables.push_back({std::string(table.name), rows.rows, rows.whole});
}

// Tells of the rows that it will cost.
bool is_broken(Connection& fresh, const Promise& promise, Recovery& recovery) {
    Statement select = fresh.prepare(promise.broken_by);
    Query row(select);
    bool broken = false;
    while (row.next()) {
        broken = true;
        if (!promise.costs_rows) break;
        leave_out(recovery, {std::string(promise.table), row.string_at(0), std::string(promise.why)});
    }
    return broken;
}

// Values of devices that were lost, for one, would become those of whoever gets their ids.
void keep_promises(Connection& fresh, Recovery& recovery) {
    for (const Promise& promise : promises()) {
        if (is_broken(fresh, promise, recovery)) fresh.execute(std::string(promise.mend));
    }
    fresh.execute(keep_cursors);
}

void salvage(const fs::path& from, const fs::path& into, const RowRules& rules, Recovery& recovery) {
    const auto broken = open_untouched(from);
    const auto fresh = create_private_database(into);
    fresh->execute("PRAGMA journal_mode = DELETE");
    migrate(*fresh, steps_to_version_of(*broken));
    fresh->execute("BEGIN");
    RowCopier copier(*broken, *fresh, nullptr);
    for (const Table& table : tables()) {
        const std::string known = "SELECT COUNT(*) FROM sqlite_master WHERE name = '" + std::string(table.name) + "'";
        if (fresh->integer(known) == 0) continue;  // of a later version
        salvage_table(copier, table, rules, recovery);
    }
    keep_promises(*fresh, recovery);
    fresh->execute("COMMIT");
}

// The WAL goes before the new database has the name: it must never meet it.
void exchange(const fs::path& broken, const fs::path& aside, const fs::path& fresh) {
    std::error_code ignored;
    fs::create_hard_link(broken, aside);
    fs::rename(broken.string() + "-wal", aside.string() + "-wal", ignored);
    fs::remove(broken.string() + "-shm", ignored);
    fs::rename(fresh, broken);
}

}  // namespace

std::optional<Recovery> recover_database(const Options& options, const std::string& stamp) {
    const auto& file = options.file;
    const RowRules anything;
    const RowRules& rules = options.rules ? *options.rules : anything;
    std::error_code none;
    if (!fs::exists(file, none) || fs::file_size(file, none) == 0) return std::nullopt;
    try {
        const auto connection = open_untouched(file);
        if (is_sound(*connection, file) && !first_bad_row(*connection, rules, nullptr)) return std::nullopt;
    } catch (const SqliteError&) {
        // Not even a pragma can be read.
    }
    const fs::path fresh = file.string() + ".recovering";
    Recovery recovery;
    recovery.set_aside = file.string() + ".broken-" + stamp;
    try {
        salvage(file, fresh, rules, recovery);
        exchange(file, recovery.set_aside, fresh);
    } catch (const SqliteError& error) {
        fs::remove(fresh, none);
        throw OpenError(OpenError::Kind::io,
                        "The database " + file.string() + " could not be recovered: " + error.what() + ".");
    } catch (const fs::filesystem_error& error) {
        fs::remove(fresh, none);
        throw OpenError(OpenError::Kind::io,
                        "The database " + file.string() + " could not be set aside: " + error.code().message() + ".");
    }
    return recovery;
}

}  // namespace storage
