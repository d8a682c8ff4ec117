#pragma once
// The end of a snapshot: a line with a checksum over every byte before it. SQLite does not see it.

#include "storage/row_copier.h"

#include <filesystem>

namespace storage {

// Marks a snapshot that must have a seal: those of version 0.1.0 have neither this table nor a seal.
inline constexpr const char* snapshot_format_table =
    "CREATE TABLE snapshot_format(version INTEGER NOT NULL PRIMARY KEY) STRICT";
inline constexpr int sealed_format = 2;

// Adds the line. Throws SnapshotError (io, cancelled).
void seal(const std::filesystem::path& snapshot, const Cancel& cancel);

// Removes the line; false: there is none. Throws SnapshotError if it does not match the bytes before it.
bool unseal(const std::filesystem::path& snapshot, const Cancel& cancel);

}  // namespace storage
