#pragma once
// Opening the database: file mode, settings of the connection, version, and failures in words for the user.

#include "storage/storage.h"

#include <memory>

namespace storage {

class Connection;

// Another program may look into the database for a moment; waiting longer would only stall every device.
inline constexpr int busy_timeout_ms = 1000;

// The writer's connection, WAL on, newest version. Makes the file with mode 0600 where it is not there (SQLite gives
// its -wal and -shm the same mode). Throws OpenError.
std::unique_ptr<Connection> open_database(const Options& options);

// A connection that only reads, to a database that open_database() opened. Throws SqliteError.
std::unique_ptr<Connection> open_for_reading(const Options& options);

// A connection for checkpoints beside the writer's, as durable as that. Throws SqliteError.
std::unique_ptr<Connection> open_for_checkpoints(const Options& options);

// All of it can be read at a start without keeping anybody waiting.
bool is_small(const std::filesystem::path& file);

// What a start can tell without reading for long: the length, and every table of a small database. Throws SqliteError.
void check_for_damage(Connection& connection, const std::filesystem::path& file);

// A new, empty database (mode 0600) for the caller to fill; one of that name is emptied. Throws OpenError, SqliteError.
std::unique_ptr<Connection> create_private_database(const std::filesystem::path& file);

// What a failure while opening means for the user.
class SqliteError;
OpenError explain(const SqliteError& error, const std::filesystem::path& file);

}  // namespace storage
