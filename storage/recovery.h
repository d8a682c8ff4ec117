#pragma once
// `--recover`: a broken database is set aside, and what can be read of it goes into a new one.

#include "storage/row_check.h"
#include "storage/storage.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace storage {

struct Recovery {
    std::filesystem::path set_aside;  // the broken file, as it was
    struct Rows {
        std::string table;
        std::uint64_t rows = 0;
        bool whole = true;  // nothing of it was lost
    };
    std::vector<Rows> tables;
    static constexpr std::size_t most_told = 1'000;
    std::vector<BadRow> left_out;     // rows that could not be used; the first most_told of them
    std::uint64_t rows_left_out = 0;  // all of them
};

// Reads all of the database, each row as the server would (Options::rules). Nullopt: there is none, or it is sound, and
// nothing was done. `stamp` becomes part of the
// name that the broken file gets: <file>.broken-<stamp>. Before any other connection is open. Throws OpenError, also
// for a database of a newer version, which is not broken.
std::optional<Recovery> recover_database(const Options& options, const std::string& stamp);

}  // namespace storage
