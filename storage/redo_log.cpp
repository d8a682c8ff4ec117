#include "storage/redo_log.h"

#include <algorithm>
#include <string_view>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>

namespace fs = std::filesystem;

namespace storage {
namespace {

constexpr std::size_t kept_capacity = 256 * 1024;
constexpr std::uintmax_t most_bytes = 64 * 1024 * 1024;  // far more than the writer lets it become

std::string content_of(const fs::path& path) {
    std::error_code error;
    const auto size = fs::file_size(path, error);
    const RawFile file(path, O_RDONLY);
    std::string content(error ? 0 : static_cast<std::size_t>(std::min(size, most_bytes)), '\0');
    if (!file.is_open() || !file.read_at(0, content)) return {};
    return content;
}

}  // namespace

fs::path redo_log_of(const fs::path& database) {
    return database.string() + "-redo";
}

std::vector<RedoRecord> RedoLog::records_behind(std::uint64_t settled) const {
    const std::string content = content_of(path_);
    std::string_view rest = content;
    std::vector<RedoRecord> records;
    std::uint64_t previous = 0;
    while (auto record = take_record(rest)) {
        const auto sequence = record->sequence;
        if (previous != 0 && sequence != previous + 1) break;  // of before it began anew
        previous = sequence;
        if (sequence <= settled) continue;
        if (sequence != settled + records.size() + 1) return {};
        records.push_back(std::move(*record));
    }
    return records;
}

void RedoLog::append(std::uint64_t sequence, const Submission& submission,
                     const std::vector<std::optional<BlockReference>>& references) {
    if (!file_.is_open()) {
        file_ = RawFile(path_, O_CREAT | O_TRUNC | O_WRONLY, S_IRUSR | S_IWUSR);
        if (!file_.is_open()) fail_with_errno("the redo log");
    }
    record_.clear();
    encode_record(record_, sequence, submission, references);
    if (!file_.write_at(offset_, record_)) fail_with_errno("the redo log");
    offset_ += record_.size();
    if (record_.capacity() > kept_capacity) record_ = {};
}

void RedoLog::remove() noexcept {
    file_.close();
    offset_ = 0;
    std::error_code ignored;
    fs::remove(path_, ignored);
}

}  // namespace storage
