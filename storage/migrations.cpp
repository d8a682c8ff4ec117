#include "storage/migrations.h"

#include "storage/schema.h"
#include "storage/sqlite_handle.h"
#include "storage/storage.h"

#include <array>
#include <string>

namespace storage {

namespace {

void refuse_newer(std::int64_t found, std::int64_t known, const std::filesystem::path& file) {
    if (found <= known) return;
    throw OpenError(OpenError::Kind::newer_version,
                    "The database " + file.string() + " has version " + std::to_string(found) +
                        ", made by a newer murano-emulator; this one knows versions up to " + std::to_string(known) +
                        ". Run the newer program, or use another data folder.");
}

// An SQLite file with tables that are not ours must not get ours added.
void refuse_foreign(Connection& connection, const std::filesystem::path& file) {
    const std::int64_t id = connection.integer("PRAGMA application_id");
    if (id == application_id) return;
    if (id == 0 && connection.integer("SELECT COUNT(*) FROM sqlite_master") == 0) return;
    throw OpenError(OpenError::Kind::corrupt, "The file " + file.string() +
                                                  " is an SQLite database of another program. Use another data "
                                                  "folder, or move the file away to start with an empty database.");
}

}  // namespace

std::span<const Migration> migrations() {
    static const std::array<Migration, 3> steps{
        {{1, schema_version_1()}, {2, schema_version_2()}, {3, schema_version_3()}}};
    return steps;
}

void check_version(Connection& connection, std::span<const Migration> steps, const std::filesystem::path& file) {
    refuse_foreign(connection, file);
    refuse_newer(connection.integer("PRAGMA user_version"), steps.back().version, file);
}

void migrate(Connection& connection, std::span<const Migration> steps) {
    const std::int64_t known = steps.back().version;
    const std::int64_t found = connection.integer("PRAGMA user_version");
    if (found == known) return;

    connection.execute("BEGIN IMMEDIATE");
    try {
        for (const Migration& step : steps) {
            if (step.version > found) connection.execute(std::string(step.sql));
        }
        connection.execute("PRAGMA application_id = " + std::to_string(application_id));
        connection.execute("PRAGMA user_version = " + std::to_string(known));
        connection.execute("COMMIT");
    } catch (const SqliteError&) {
        connection.roll_back();
        throw;
    }
}

}  // namespace storage
