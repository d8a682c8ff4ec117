#include "server/data_folder.h"

#include "certs/error.h"
#include "certs/files.h"
#include "server/runtime/git_ignore.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace fs = std::filesystem;
namespace {

constexpr auto lock_name = "lock";
constexpr auto temporary_prefix = "murano-emulator-";

std::string reason() {
    return std::generic_category().message(errno);
}

// The lock's descriptor; -1 with errno EWOULDBLOCK: another server has it.
int take_lock(const fs::path& folder) {
    const int lock = ::open((folder / lock_name).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock < 0) return -1;
    if (::flock(lock, LOCK_EX | LOCK_NB) == 0) return lock;
    const int why = errno;
    ::close(lock);
    errno = why;
    return -1;
}

// Of a folder that nobody knows yet: who looks for abandoned ones takes it for one as soon as there is a lock that is
// free. So it has its name only when it is taken.
int take_new_lock(const fs::path& folder) {
    const auto before = folder / "lock.new";
    const int lock = ::open(before.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (lock < 0) return -1;
    if (::flock(lock, LOCK_EX | LOCK_NB) == 0 && ::rename(before.c_str(), (folder / lock_name).c_str()) == 0)
        return lock;
    const int why = errno;
    ::close(lock);
    errno = why;
    return -1;
}

void remove_abandoned(const fs::path& parent) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(parent, error)) {
        if (!entry.path().filename().string().starts_with(temporary_prefix)) continue;
        if (!entry.is_directory(error) || !fs::exists(entry.path() / lock_name, error)) continue;
        const int lock = take_lock(entry.path());  // free: its server is gone
        if (lock < 0) continue;
        fs::remove_all(entry.path(), error);
        ::close(lock);
    }
}

}  // namespace

DataFolder::DataFolder(fs::path path, bool temporary) : path_(std::move(path)), temporary_(temporary) {
    make_folders();
    runtime::hide_from_git(path_);
    lock_ = temporary_ ? take_new_lock(path_) : take_lock(path_);
    if (lock_ >= 0) return;
    if (errno == EWOULDBLOCK) {
        throw std::runtime_error("data folder " + path_.string() +
                                 " is in use by another murano-emulator; stop that one, or choose another with "
                                 "--data-dir, or use --ephemeral");
    }
    throw std::runtime_error("data folder " + path_.string() + " cannot be locked: " + reason());
}

// ca.crt is for everybody; what devices upload and snapshots are the server's alone.
void DataFolder::make_folders() {
    try {
        certs::make_folder(path_);
        path_ = fs::canonical(path_);
        certs::make_folder(content(), certs::FolderMode::owner_only);
        certs::make_folder(snapshots(), certs::FolderMode::owner_only);
    } catch (const certs::Error& error) {
        throw std::runtime_error("data folder " + path_.string() + ": " + error.what());
    } catch (const fs::filesystem_error& error) {
        throw std::runtime_error("data folder " + path_.string() + ": " + error.code().message());
    }
}

DataFolder DataFolder::open(const fs::path& path) {
    return {path, false};
}

DataFolder DataFolder::ephemeral() {
    const auto parent = fs::temp_directory_path();
    remove_abandoned(parent);
    auto name = (parent / (std::string(temporary_prefix) + "XXXXXX")).string();
    if (::mkdtemp(name.data()) == nullptr) {
        throw std::runtime_error("no temporary folder in " + parent.string() + ": " + reason());
    }
    return {name, true};
}

DataFolder::DataFolder(DataFolder&& other) noexcept
    : path_(std::move(other.path_)), lock_(std::exchange(other.lock_, -1)), temporary_(other.temporary_) {}

DataFolder::~DataFolder() {
    if (lock_ < 0) return;
    std::error_code ignored;
    if (temporary_) fs::remove_all(path_, ignored);
    ::close(lock_);
}
