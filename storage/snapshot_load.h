#pragma once
// LoadSnapshot as the writer does it.

#include <cstdint>
#include <filesystem>

namespace storage {

class Connection;

// Writer thread only, within a transaction: every table's rows become those of the staged snapshot. Ids and cursors
// keep the higher counters. Throws SqliteError.
void replace_everything(Connection& connection, const std::filesystem::path& staged);

// The newest cursor that was ever given out. Throws SqliteError.
std::int64_t newest_cursor(Connection& connection);

}  // namespace storage
