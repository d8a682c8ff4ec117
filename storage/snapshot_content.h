#pragma once
// The files of content items as rows of a snapshot, in pieces in order.

#include "storage/snapshot.h"
#include "storage/sqlite_handle.h"

#include <filesystem>
#include <string>
#include <vector>

namespace storage {

inline constexpr const char* snapshot_content_table =
    "CREATE TABLE snapshot_content(file TEXT NOT NULL, piece INTEGER NOT NULL, bytes BLOB NOT NULL, "
    "PRIMARY KEY(file, piece)) STRICT, WITHOUT ROWID";

// Copies the files named by the rows of `content` into the snapshot. Throws SnapshotError.
void pack_content(Connection& snapshot, const std::filesystem::path& content_folder, const Cancel& cancel);

// Checks that all files are whole; with `new_name`, also writes them and renames the rows. Returns the new names.
std::vector<std::string> unpack_content(Connection& snapshot, const std::filesystem::path& content_folder,
                                        const NewFileName& new_name, const Cancel& cancel);

}  // namespace storage
