#pragma once
// How the writer carries out LoadSnapshot.

#include <cstdint>
#include <filesystem>

namespace storage {

class Connection;

// Writer thread only, within a transaction: replaces every table's rows by those of the staged snapshot. Ids and
// cursors keep the higher counters. Throws SqliteError.
void replace_everything(Connection& connection, const std::filesystem::path& staged);

// The newest cursor ever assigned. Throws SqliteError.
std::int64_t newest_cursor(Connection& connection);

}  // namespace storage
