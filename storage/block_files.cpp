#include "storage/block_files.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace fs = std::filesystem;

namespace storage {
namespace {

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
    const RawFile file(blocks_folder_of(database) / std::to_string(reference.file), O_RDONLY);
    struct stat status {};
    if (!file.is_open() || ::fstat(file.descriptor(), &status) != 0) return std::nullopt;
    // The limit comes before the memory: the row may be damaged.
    const auto length = static_cast<std::uint64_t>(status.st_size);
    if (reference.offset > length || reference.size > length - reference.offset) return std::nullopt;
    std::string bytes(static_cast<std::size_t>(std::min(reference.size, most)), '\0');
    if (!file.read_at(reference.offset, bytes)) return std::nullopt;
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
    if (!open_.is_open() || offset_ >= file_bytes_) begin_file(first_cursor);
    if (!open_.write_at(offset_, bytes)) fail_with_errno("a block of the journal could not be written");
    unsynced_ = true;
    const BlockReference reference{files_.back(), offset_, bytes.size(), block_checksum(bytes)};
    offset_ += bytes.size();
    return reference;
}

// A file that has the name already was made by a transaction that did not come to its end: no row refers to it.
void BlockFiles::begin_file(std::int64_t first_cursor) {
    sync();
    close();
    if (::mkdir(folder_.c_str(), S_IRWXU) != 0 && errno != EEXIST)
        fail_with_errno("the folder of the journal's blocks");
    const auto path = path_of(first_cursor);
    open_ = RawFile(path, O_CREAT | O_TRUNC | O_WRONLY, S_IRUSR | S_IWUSR);
    if (!open_.is_open()) fail_with_errno("a file of the journal's blocks");
    files_.push_back(first_cursor);
    folder_unsynced_ = true;
}

void BlockFiles::sync() {
    if (!lasting_) return;
    if (std::exchange(unsynced_, false) && ::fdatasync(open_.descriptor()) != 0)
        fail_with_errno("a block of the journal");
    if (!std::exchange(folder_unsynced_, false)) return;
    const RawFile folder(folder_, O_RDONLY | O_DIRECTORY);
    if (!folder.is_open() || ::fsync(folder.descriptor()) != 0) fail_with_errno("the folder of the journal's blocks");
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
    open_.close();
    offset_ = 0;
    unsynced_ = false;
}

void BlockFiles::remove(std::int64_t file) const noexcept {
    ::unlink(path_of(file).c_str());
}

}  // namespace storage
