#pragma once
// Brings a database to the version of this program.

#include <filesystem>
#include <span>
#include <string_view>

namespace storage {

class Connection;

struct Migration {
    int version = 0;       // the database's user_version when the step is done; steps rise by one
    std::string_view sql;  // from version - 1
};

// All steps of this program, from the empty database on.
std::span<const Migration> migrations();

// Throws OpenError: newer_version for a database of a later program, corrupt for one that is not ours. Changes nothing.
// `file` is for the message.
void check_version(Connection& connection, std::span<const Migration> steps, const std::filesystem::path& file);

// After check_version: takes the missing steps in one transaction, all of them, or the database stays as it was.
// Throws SqliteError.
void migrate(Connection& connection, std::span<const Migration> steps);

}  // namespace storage
