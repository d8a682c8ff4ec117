#pragma once
// Opens the database: file mode, connection settings, version, and failures in words for the user.

#include "storage/storage.h"

#include <memory>

namespace storage {

class Connection;

// Another program may read the database for a moment; waiting longer would only stall every device.
inline constexpr int busy_timeout_ms = 1000;

// The writer's connection, WAL on, newest version. Creates a missing file with mode 0600 (SQLite gives its -wal and
// -shm the same mode). Throws OpenError.
std::unique_ptr<Connection> open_database(const Options& options);

// A read-only connection to a database opened by open_database(). Throws SqliteError.
std::unique_ptr<Connection> open_for_reading(const Options& options);

// A connection for checkpoints beside the writer's, equally durable. Throws SqliteError.
std::unique_ptr<Connection> open_for_checkpoints(const Options& options);

// Small enough to be read whole at a start without delaying it.
bool is_small(const std::filesystem::path& file);

// Checks that need no long reading: the length, and every table of a small database. Throws SqliteError.
void check_for_damage(Connection& connection, const std::filesystem::path& file);

// Creates an empty database (mode 0600) for the caller to fill; empties an existing one. Throws OpenError, SqliteError.
std::unique_ptr<Connection> create_private_database(const std::filesystem::path& file);

// A failure while opening, in words for the user.
class SqliteError;
OpenError explain(const SqliteError& error, const std::filesystem::path& file);

}  // namespace storage
