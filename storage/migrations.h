#pragma once
// Migrates a database to the version of this program.

#include <filesystem>
#include <span>
#include <string_view>

namespace storage {

class Connection;

struct Migration {
    int version = 0;       // the database's user_version after the step; steps rise by one
    std::string_view sql;  // from version - 1
};

// All steps of this program, beginning with the empty database.
std::span<const Migration> migrations();

// Throws OpenError: newer_version for a later program's database, corrupt for a file that is not ours. Changes nothing.
// `file`: for the message.
void check_version(Connection& connection, std::span<const Migration> steps, const std::filesystem::path& file);

// Call after check_version: takes all missing steps in one transaction; on failure the database is unchanged. Throws
// SqliteError.
void migrate(Connection& connection, std::span<const Migration> steps);

}  // namespace storage
