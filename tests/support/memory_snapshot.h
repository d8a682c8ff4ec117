#pragma once
// The tables of a MemoryStore to and from a database on the disk, for saving and loading snapshots.

#include "tests/support/memory_store.h"

#include <filesystem>

namespace test {

// Writes a new database with these rows; replaces an existing one.
void write_database(const Tables& tables, const std::filesystem::path& file);

// The effect of LoadSnapshot on them. Throws storage::SqliteError if a row of the staged snapshot cannot be read.
void load_staged(Tables& tables, const std::filesystem::path& staged);

}  // namespace test
