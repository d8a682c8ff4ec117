#pragma once
// A snapshot: everything stored, in one file that another instance can load. It is a database of our own version plus a
// table with the content files, so that older ones are migrated like a data folder's. It ends with a checksum
// (snapshot_seal.h). It may come from anywhere: each row is read as the server reads it (row_check.h) before any of it
// is used.
//
// Any thread; the functions take long and can be cancelled. They throw SnapshotError.

#include "storage/row_copier.h"
#include "storage/storage.h"

#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace storage {

// what() is a sentence for the user.
class SnapshotError : public std::runtime_error {
  public:
    enum class Kind : std::uint8_t { not_a_snapshot, newer_version, io, cancelled };
    SnapshotError(Kind kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}
    Kind kind() const { return kind_; }

  private:
    Kind kind_;
};

// Saves what is committed when it begins to a new file `target` (mode 0600). The content files of the rows must stay
// meanwhile. On failure no file is left.
void save_snapshot(const Options& database, const std::filesystem::path& content_folder,
                   const std::filesystem::path& target, const Cancel& cancel);

// Makes a checked copy at `staged`, of this program's version, for LoadSnapshot. The content files get new names in
// `content_folder`: no name from the snapshot is used as a path. On failure nothing is left behind.
struct Staged {
    std::filesystem::path database;
    std::int64_t newest_cursor = 0;
    std::vector<std::string> content_files;  // in the content folder
};
using NewFileName = std::function<std::string()>;
Staged stage_snapshot(const std::filesystem::path& snapshot, const std::filesystem::path& staged,
                      const std::filesystem::path& content_folder, const NewFileName& new_name, const RowRules& rules,
                      const Cancel& cancel);

// Throws unless stage_snapshot would accept it. `scratch`: a file name for temporary use.
void check_snapshot(const std::filesystem::path& snapshot, const std::filesystem::path& scratch, const RowRules& rules,
                    const Cancel& cancel);

// The version in its header; 0: it has none. Reads 100 bytes.
int snapshot_version(const std::filesystem::path& snapshot);

}  // namespace storage
