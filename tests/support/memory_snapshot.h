#pragma once
// The tables of a MemoryStore as a database on the disk, and back: what saving and loading a snapshot needs.

#include "tests/support/memory_store.h"

#include <filesystem>

namespace test {

// Writes a new database with these rows; one that is there goes.
void write_database(const Tables& tables, const std::filesystem::path& file);

// What LoadSnapshot does to them. Throws storage::SqliteError where a row of the staged snapshot cannot be read.
void load_staged(Tables& tables, const std::filesystem::path& staged);

}  // namespace test
