#include "storage/database_file.h"

#include "storage/block_files.h"
#include "storage/migrations.h"
#include "storage/sqlite_handle.h"
#include "storage/tables.h"

#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

namespace storage {

namespace {

constexpr const char* writer_settings =
    "PRAGMA cache_size = -2048;"  // KiB; larger groups spill into the WAL
    "PRAGMA temp_store = MEMORY;"
    "PRAGMA foreign_keys = OFF;"
    "PRAGMA secure_delete = FAST;"           // deleted credentials are overwritten where that costs no page
    "PRAGMA journal_size_limit = 16777216";  // what the WAL shrinks to after a burst

constexpr const char* reader_settings =
    "PRAGMA query_only = ON;"
    "PRAGMA cache_size = -1024;"
    "PRAGMA temp_store = MEMORY";

// Only ever creates: closing a descriptor of a file that SQLite has open would drop its locks.
void create_private(const std::filesystem::path& file) {
    const int descriptor = ::open(file.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (descriptor >= 0) {
        ::close(descriptor);
        return;
    }
    if (errno == EEXIST) return;
    throw OpenError(OpenError::Kind::io, "Cannot create the database " + file.string() + ": " +
                                             std::generic_category().message(errno) + ".");
}

// A file that was copied in with a wider mode holds the same secrets.
void make_private(const std::filesystem::path& file) {
    std::error_code ignored;  // not ours to change: opening it tells whether that matters
    std::filesystem::permissions(file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write,
                                 ignored);
}

const char* synchronous(Durability durability) {
    switch (durability) {
        case Durability::off:
            return "PRAGMA synchronous = OFF";
        case Durability::full:
            return "PRAGMA synchronous = FULL";
        case Durability::normal:
            break;
    }
    return "PRAGMA synchronous = NORMAL";
}

bool damaged(int code) {
    // SQLITE_ERROR and SQLITE_SCHEMA: the version is ours and a table or column is not there.
    return code == SQLITE_NOTADB || code == SQLITE_CORRUPT || code == SQLITE_ERROR || code == SQLITE_SCHEMA ||
           code == SQLITE_MISMATCH || code == SQLITE_CONSTRAINT;
}

}  // namespace

std::unique_ptr<Connection> open_database(const Options& options) {
    create_private(options.file);
    make_private(options.file);
    try {
        auto connection = std::make_unique<Connection>(options.file, options.vfs);
        sqlite3_busy_timeout(connection->get(), busy_timeout_ms);
        check_version(*connection, migrations(), options.file);
        // A page costs two writes to the WAL and a read and a write at a checkpoint: blocks of the journal, which fill
        // many, want large ones. A small commit wants small ones: it writes, and sums up, whole pages.
        connection->execute("PRAGMA page_size = 8192");
        connection->execute(synchronous(options.durability));
        connection->execute("PRAGMA journal_mode = WAL");
        connection->execute(writer_settings);
        migrate(*connection, migrations());
        return connection;
    } catch (const SqliteError& error) {
        throw explain(error, options.file);
    }
}

std::unique_ptr<Connection> open_for_reading(const Options& options) {
    auto connection = std::make_unique<Connection>(options.file, options.vfs);
    sqlite3_busy_timeout(connection->get(), busy_timeout_ms);
    connection->execute(reader_settings);
    return connection;
}

std::unique_ptr<Connection> open_for_checkpoints(const Options& options) {
    auto connection = std::make_unique<Connection>(options.file, options.vfs);
    connection->execute(synchronous(options.durability));
    connection->integer("PRAGMA schema_version");  // before it has read, it does not know of the WAL
    return connection;
}

namespace {

// Reading all of a large journal would keep everybody waiting; its ends are read anyhow.
constexpr std::uintmax_t small_database_bytes = 16 * 1024 * 1024;

void check_length(Connection& connection, const std::filesystem::path& file) {
    std::error_code ignored;
    if (std::filesystem::file_size(file.string() + "-wal", ignored) > 0 && !ignored) return;  // the rest is there
    const auto pages = connection.integer("PRAGMA page_count") * connection.integer("PRAGMA page_size");
    if (std::cmp_less(std::filesystem::file_size(file), pages)) {
        throw SqliteError(SQLITE_CORRUPT, "the file is shorter than it says");
    }
}

}  // namespace

bool is_small(const std::filesystem::path& file) {
    std::error_code ignored;
    const auto bytes = std::filesystem::file_size(file, ignored);
    return !ignored && bytes + size_of_blocks(file) <= small_database_bytes;
}

void check_for_damage(Connection& connection, const std::filesystem::path& file) {
    check_length(connection, file);
    const bool small = is_small(file);
    for (const Table& table : tables()) {
        if (!small && table.name == "journal") continue;
        Statement check = connection.prepare("PRAGMA quick_check(" + std::string(table.name) + ")");
        Query query(check);
        if (query.next() && query.bytes_at(0) != "ok") throw SqliteError(SQLITE_CORRUPT, query.string_at(0));
    }
}

std::unique_ptr<Connection> create_private_database(const std::filesystem::path& file) {
    std::error_code ignored;
    std::filesystem::remove(file, ignored);
    create_private(file);
    return std::make_unique<Connection>(file, std::string());
}

OpenError explain(const SqliteError& error, const std::filesystem::path& file) {
    const std::string name = file.string();
    const std::string reason = error.what();
    if (damaged(error.code())) {
        return {OpenError::Kind::corrupt, "The database " + name + " is damaged (" + reason +
                                              "). Start with --recover to set it aside and keep what can be read, or "
                                              "move the file away to start with an empty one."};
    }
    if (error.code() == SQLITE_BUSY || error.code() == SQLITE_LOCKED) {
        return {OpenError::Kind::io, "The database " + name + " is in use by another program (" + reason +
                                         "). Stop that program, or use another data folder."};
    }
    return {OpenError::Kind::io, "Cannot open the database " + name + ": " + reason +
                                     ". Check that the folder is there, writable, and has space."};
}

}  // namespace storage
