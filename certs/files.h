#pragma once
// Small files, read and written whole. All functions throw Error with the path and the system's reason.

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace certs {

enum class FileMode : unsigned { private_key = 0600, certificate = 0644 };

// Temporary file with its final mode from the start, fsync, rename: readers see the old or the new content.
void write_atomically(const std::filesystem::path& file, std::string_view content, FileMode mode);

// At most 1 MiB: certificates and keys are far smaller.
std::string read_file(const std::filesystem::path& file);

// nullopt if the file does not exist.
std::optional<std::string> read_file_if_there(const std::filesystem::path& file);

enum class FolderMode : unsigned { owner_only = 0700, readable = 0755 };

// Creates the folder and its parents (0755) if missing, regardless of the umask; an existing one keeps its mode.
void make_folder(const std::filesystem::path& folder, FolderMode mode = FolderMode::readable);

// Holds an exclusive lock on `<folder>/.lock`, so that two processes that start at the same time do not both create a
// certificate authority. Waits for the lock.
class FolderLock {
  public:
    explicit FolderLock(const std::filesystem::path& folder);
    ~FolderLock();
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;

  private:
    int fd_ = -1;
};

}  // namespace certs
