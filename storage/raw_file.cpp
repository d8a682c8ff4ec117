#include "storage/raw_file.h"

#include "storage/sqlite_handle.h"

#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

namespace storage {

RawFile::RawFile(const std::filesystem::path& path, int flags, unsigned mode)
    : descriptor_(::open(path.c_str(), flags | O_CLOEXEC, mode)) {}

RawFile::RawFile(RawFile&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

RawFile& RawFile::operator=(RawFile&& other) noexcept {
    if (this == &other) return *this;
    close();
    descriptor_ = std::exchange(other.descriptor_, -1);
    return *this;
}

void RawFile::close() noexcept {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = -1;
}

bool RawFile::write_at(std::uint64_t offset, std::string_view bytes) const {
    while (!bytes.empty()) {
        const auto written = ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(written));
        offset += static_cast<std::uint64_t>(written);
    }
    return true;
}

bool RawFile::read_at(std::uint64_t offset, std::string& into) const {
    std::size_t done = 0;
    while (done < into.size()) {
        const auto got =
            ::pread(descriptor_, into.data() + done, into.size() - done, static_cast<off_t>(offset + done));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        done += static_cast<std::size_t>(got);
    }
    return true;
}

void fail_with_errno(const char* what) {
    const int error = errno;
    const bool full = error == ENOSPC || error == EDQUOT;
    throw SqliteError(full ? SQLITE_FULL : SQLITE_IOERR,
                      std::string(what) + ": " + std::generic_category().message(error));
}

}  // namespace storage
