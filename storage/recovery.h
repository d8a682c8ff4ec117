#pragma once
// `--recover`: sets a broken database aside and copies what can be read into a new one.

#include "storage/row_check.h"
#include "storage/storage.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace storage {

struct Recovery {
    std::filesystem::path set_aside;  // the broken file, unchanged
    struct Rows {
        std::string table;
        std::uint64_t rows = 0;
        bool whole = true;  // nothing was lost
    };
    std::vector<Rows> tables;
    static constexpr std::size_t most_told = 1'000;
    std::vector<BadRow> left_out;     // rows that could not be used; the first most_told
    std::uint64_t rows_left_out = 0;  // the number of all of them
};

// Reads the whole database, each row as the server would (Options::rules). nullopt: there is none, or it is sound;
// nothing was done. `stamp`: part of the broken file's new name, <file>.broken-<stamp>. Call before any other
// connection is open. Throws OpenError, also for a database of a newer version, which is not broken.
// for a database of a newer version, which is not broken.
std::optional<Recovery> recover_database(const Options& options, const std::string& stamp);

}  // namespace storage
