#pragma once
// A snapshot: everything that is kept, in one file that another instance can load. It is a database of our own version
// with the content items' files in a table of their own, so that older ones are migrated like a data folder's. Its last
// line is a checksum (snapshot_seal.h). It may come from anywhere: each row is read as the server reads it
// (row_check.h) before anything of it is taken.
//
// Any thread; the functions take long and may be told to stop. They throw SnapshotError.

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

// What was committed when it began, in a new file `target` (mode 0600). The content files of the rows must stay while
// this runs. On failure there is no file.
void save_snapshot(const Options& database, const std::filesystem::path& content_folder,
                   const std::filesystem::path& target, const Cancel& cancel);

// Makes a checked copy at `staged`, of this program's version, that LoadSnapshot takes. The content files go to new
// names in `content_folder`: none of those from the file is used as a path. On failure nothing is left behind.
struct Staged {
    std::filesystem::path database;
    std::int64_t newest_cursor = 0;
    std::vector<std::string> content_files;  // in the content folder
};
using NewFileName = std::function<std::string()>;
Staged stage_snapshot(const std::filesystem::path& snapshot, const std::filesystem::path& staged,
                      const std::filesystem::path& content_folder, const NewFileName& new_name, const RowRules& rules,
                      const Cancel& cancel);

// Whether stage_snapshot would take it. `scratch`: a file name that may be used meanwhile.
void check_snapshot(const std::filesystem::path& snapshot, const std::filesystem::path& scratch, const RowRules& rules,
                    const Cancel& cancel);

// The version that its header names, 0 where it has none. Reads 100 bytes.
int snapshot_version(const std::filesystem::path& snapshot);

}  // namespace storage
