#include "storage/database_file.h"
#include "storage/migrations.h"
#include "storage/snapshot.h"
#include "storage/snapshot_content.h"
#include "storage/snapshot_seal.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

namespace fs = std::filesystem;

namespace storage {
namespace {

// Nobody else looks at the file before it has its name, and one that was broken off is thrown away.
constexpr const char* fast_and_private =
    "PRAGMA journal_mode = OFF;"
    "PRAGMA synchronous = OFF;"
    "PRAGMA temp_store = MEMORY";

// Rows of the data folder itself stay here, and so do events that a reset hides from everybody.
std::string condition_for(const Table& table) {
    if (table.name == "meta") {
        std::string keys;
        for (const auto key : state_meta()) keys.append(keys.empty() ? "'" : ",'").append(key).append("'");
        return "key IN (" + keys + ")";
    }
    if (table.name == "journal") {
        return "last_cursor > COALESCE((SELECT last_cursor FROM hidden_events WHERE connector = '' AND identity = ''), "
               "-1)";
    }
    return {};
}

void copy_everything(Connection& from, Connection& to, const fs::path& content_folder, const Cancel& cancel) {
    from.execute("BEGIN");  // one commit's state, whatever is written meanwhile
    to.execute("BEGIN");
    RowCopier copier(from, to, &cancel, RowCopier::Blocks::inlined);
    for (const Table& table : tables()) copier.copy(table, condition_for(table));
    from.execute("COMMIT");
    to.execute(snapshot_content_table);
    to.execute(snapshot_format_table);
    to.execute("INSERT INTO snapshot_format(version) VALUES(" + std::to_string(sealed_format) + ")");
    pack_content(to, content_folder, cancel);
    to.execute("COMMIT");
}

void write_database(const Options& database, const fs::path& content_folder, const fs::path& target,
                    const Cancel& cancel) {
    const auto from = open_for_reading(database);
    const auto to = create_private_database(target);
    to->execute(fast_and_private);
    migrate(*to, migrations());
    copy_everything(*from, *to, content_folder, cancel);
}

bool flush_to_disk(const fs::path& file) {
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    const bool flushed = descriptor >= 0 && ::fsync(descriptor) == 0;
    if (descriptor >= 0) ::close(descriptor);
    return flushed;
}

SnapshotError in_words(const SqliteError& error) {
    if (error.code() == SQLITE_INTERRUPT) return {SnapshotError::Kind::cancelled, "The server is stopping."};
    return {SnapshotError::Kind::io, std::string("The snapshot could not be written: ") + error.what() + "."};
}

}  // namespace

void save_snapshot(const Options& database, const fs::path& content_folder, const fs::path& target,
                   const Cancel& cancel) {
    try {
        write_database(database, content_folder, target, cancel);
        seal(target, cancel);
    } catch (const SqliteError& error) {
        std::error_code ignored;
        fs::remove(target, ignored);
        throw in_words(error);
    } catch (...) {
        std::error_code ignored;
        fs::remove(target, ignored);
        throw;
    }
    if (database.durability != Durability::off && !flush_to_disk(target)) {
        throw SnapshotError(SnapshotError::Kind::io, "The snapshot could not be written to the disk.");
    }
}

}  // namespace storage
