#pragma once
// Files outside SQLite, by their descriptors.

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace storage {

// An open file, closed at the end.
class RawFile {
  public:
    RawFile() = default;
    // `flags` and `mode`: as open(2) takes them; the file is not inherited by children. Ask is_open().
    RawFile(const std::filesystem::path& path, int flags, unsigned mode = 0);
    ~RawFile() { close(); }
    RawFile(RawFile&& other) noexcept;
    RawFile& operator=(RawFile&& other) noexcept;

    bool is_open() const { return descriptor_ >= 0; }
    int descriptor() const { return descriptor_; }
    void close() noexcept;

    // All of `bytes`, or false and errno.
    bool write_at(std::uint64_t offset, std::string_view bytes) const;
    // Fills `into`; false: the file ends before, or cannot be read.
    bool read_at(std::uint64_t offset, std::string& into) const;

  private:
    int descriptor_ = -1;
};

// Throws SqliteError (full, ioerr) with `what` and the words for errno.
[[noreturn]] void fail_with_errno(const char* what);

}  // namespace storage
