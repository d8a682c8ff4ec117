#include "storage/block_files.h"

#include "storage/sqlite_handle.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

namespace fs = std::filesystem;

namespace storage {
namespace {

[[noreturn]] void fail(const char* what) {
    const int error = errno;
    const bool full = error == ENOSPC || error == EDQUOT;
    throw SqliteError(full ? SQLITE_FULL : SQLITE_IOERR,
                      std::string(what) + ": " + std::generic_category().message(error));
}

class Descriptor {
  public:
    Descriptor(const fs::path& path, int flags) : number_(::open(path.c_str(), flags | O_CLOEXEC)) {}
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    bool is_open() const { return number_ >= 0; }
    int number() const { return number_; }

  private:
    int number_;
};

bool write_all(int descriptor, std::string_view bytes, std::uint64_t offset) {
    while (!bytes.empty()) {
        const auto written = ::pwrite(descriptor, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(written));
        offset += static_cast<std::uint64_t>(written);
    }
    return true;
}

bool read_all(int descriptor, std::string& into, std::uint64_t offset) {
    std::size_t done = 0;
    while (done < into.size()) {
        const auto got = ::pread(descriptor, into.data() + done, into.size() - done, static_cast<off_t>(offset + done));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        done += static_cast<std::size_t>(got);
    }
    return true;
}

// A file of somebody else is none of ours.
std::optional<std::int64_t> cursor_of(const fs::path& file) {
    const std::string name = file.filename();
    std::int64_t cursor = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), cursor);
    if (error != std::errc() || end != name.data() + name.size() || cursor < 0) return std::nullopt;
    return cursor;
}

}  // namespace

fs::path blocks_folder_of(const fs::path& database) {
    return database.string() + "-blocks";
}

std::optional<std::string> read_block_of(const fs::path& database, const BlockReference& reference,
                                         std::uint64_t most) {
    const Descriptor file(blocks_folder_of(database) / std::to_string(reference.file), O_RDONLY);
    struct stat status {};
    if (!file.is_open() || ::fstat(file.number(), &status) != 0) return std::nullopt;
    // The limit comes before the memory: the row may be damaged.
    const auto length = static_cast<std::uint64_t>(status.st_size);
    if (reference.offset > length || reference.size > length - reference.offset) return std::nullopt;
    std::string bytes(static_cast<std::size_t>(std::min(reference.size, most)), '\0');
    if (!read_all(file.number(), bytes, reference.offset)) return std::nullopt;
    if (bytes.size() == reference.size && block_checksum(bytes) != reference.checksum) return std::nullopt;
    return bytes;
}

std::uintmax_t size_of_blocks(const fs::path& database) {
    std::error_code ignored;
    std::uintmax_t size = 0;
    for (const auto& entry : fs::directory_iterator(blocks_folder_of(database), ignored)) {
        const auto bytes = entry.file_size(ignored);
        if (!ignored) size += bytes;
    }
    return size;
}

BlockFiles::BlockFiles(const fs::path& database, std::uint64_t file_bytes, bool lasting)
    : folder_(blocks_folder_of(database)), file_bytes_(file_bytes), lasting_(lasting) {}

void BlockFiles::resume(std::int64_t newest_cursor) {
    close();
    files_.clear();
    given_up_.clear();
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder_, ignored)) {
        const auto cursor = cursor_of(entry.path());
        if (cursor && *cursor > newest_cursor) remove(*cursor);
        if (cursor && *cursor <= newest_cursor) files_.push_back(*cursor);
    }
    std::sort(files_.begin(), files_.end());
}

BlockReference BlockFiles::append(std::int64_t first_cursor, std::string_view bytes) {
    if (descriptor_ < 0 || offset_ >= file_bytes_) begin_file(first_cursor);
    if (!write_all(descriptor_, bytes, offset_)) fail("a block of the journal could not be written");
    unsynced_ = true;
    const BlockReference reference{files_.back(), offset_, bytes.size(), block_checksum(bytes)};
    offset_ += bytes.size();
    return reference;
}

// A file that has the name already was made by a transaction that did not come to its end: no row refers to it.
void BlockFiles::begin_file(std::int64_t first_cursor) {
    sync();
    close();
    if (::mkdir(folder_.c_str(), S_IRWXU) != 0 && errno != EEXIST) fail("the folder of the journal's blocks");
    const auto path = path_of(first_cursor);
    descriptor_ = ::open(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (descriptor_ < 0) fail("a file of the journal's blocks");
    files_.push_back(first_cursor);
    folder_unsynced_ = true;
}

void BlockFiles::sync() {
    if (!lasting_) return;
    if (std::exchange(unsynced_, false) && ::fdatasync(descriptor_) != 0) fail("a block of the journal");
    if (!std::exchange(folder_unsynced_, false)) return;
    const Descriptor folder(folder_, O_RDONLY | O_DIRECTORY);
    if (!folder.is_open() || ::fsync(folder.number()) != 0) fail("the folder of the journal's blocks");
}

void BlockFiles::give_up_all() {
    close();
    given_up_.insert(given_up_.end(), files_.begin(), files_.end());
    files_.clear();
}

void BlockFiles::committed(std::int64_t oldest_cursor) noexcept {
    for (const auto file : given_up_) remove(file);
    given_up_.clear();
    while (files_.size() > 1 && files_[1] <= oldest_cursor) {
        remove(files_.front());
        files_.erase(files_.begin());
    }
}

void BlockFiles::close() noexcept {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = -1;
    offset_ = 0;
    unsynced_ = false;
}

void BlockFiles::remove(std::int64_t file) const noexcept {
    ::unlink(path_of(file).c_str());
}

}  // namespace storage
