#include "certs/files.h"

#include "certs/error.h"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace certs {
namespace {

constexpr std::size_t largest_file = 1U << 20U;

[[noreturn]] void fail(std::string_view action, const std::filesystem::path& file, int error) {
    throw Error("cannot " + std::string(action) + " " + file.string() + ": " + std::generic_category().message(error));
}

class Fd {
  public:
    explicit Fd(int fd) : fd_(fd) {}
    ~Fd() {
        if (fd_ >= 0) ::close(fd_);
    }
    Fd(const Fd&) = delete;
    Fd& operator=(const Fd&) = delete;
    int get() const { return fd_; }

  private:
    int fd_;
};

void write_all(int fd, std::string_view content, const std::filesystem::path& file) {
    while (!content.empty()) {
        const ssize_t written = ::write(fd, content.data(), content.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) fail("write", file, errno);
        content.remove_prefix(static_cast<std::size_t>(written));
    }
}

void write_new(const std::filesystem::path& file, std::string_view content, FileMode mode) {
    const auto bits = static_cast<mode_t>(mode);
    ::unlink(file.c_str());  // left by a killed predecessor
    const Fd fd(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, bits));
    if (fd.get() < 0) fail("create", file, errno);
    if (::fchmod(fd.get(), bits) != 0) fail("set the mode of", file, errno);  // whatever the umask took away
    write_all(fd.get(), content, file);
    if (::fsync(fd.get()) != 0) fail("write", file, errno);
}

std::string read_all(int fd, const std::filesystem::path& file) {
    std::string content;
    char buffer[4096];
    for (;;) {
        const ssize_t got = ::read(fd, buffer, sizeof buffer);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) fail("read", file, errno);
        if (got == 0) return content;
        content.append(buffer, static_cast<std::size_t>(got));
        if (content.size() > largest_file) throw Error(file.string() + " is too large for a certificate or key file");
    }
}

}  // namespace

void write_atomically(const std::filesystem::path& file, std::string_view content, FileMode mode) {
    const std::filesystem::path temporary = file.string() + ".tmp." + std::to_string(::getpid());
    try {
        write_new(temporary, content, mode);
        if (::rename(temporary.c_str(), file.c_str()) != 0) fail("write", file, errno);
    } catch (const Error&) {
        ::unlink(temporary.c_str());
        throw;
    }
}

std::string read_file(const std::filesystem::path& file) {
    const Fd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (fd.get() < 0) fail("read", file, errno);
    return read_all(fd.get(), file);
}

std::optional<std::string> read_file_if_there(const std::filesystem::path& file) {
    const Fd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (fd.get() < 0 && errno == ENOENT) return std::nullopt;
    if (fd.get() < 0) fail("read", file, errno);
    return read_all(fd.get(), file);
}

void make_folder(const std::filesystem::path& folder, FolderMode mode) {
    std::error_code error;
    if (folder.empty() || std::filesystem::is_directory(folder, error)) return;
    make_folder(folder.parent_path());
    // Closed to others until it has its mode: a umask of 0 would open it to all for a moment.
    if (::mkdir(folder.c_str(), S_IRWXU) == 0) {
        if (::chmod(folder.c_str(), static_cast<mode_t>(mode)) != 0) fail("set the mode of", folder, errno);
        return;
    }
    const int why = errno;
    if (why != EEXIST || !std::filesystem::is_directory(folder, error)) fail("create the folder", folder, why);
}

FolderLock::FolderLock(const std::filesystem::path& folder) {
    const std::filesystem::path file = folder / ".lock";
    fd_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd_ < 0) fail("create", file, errno);
    while (::flock(fd_, LOCK_EX) != 0) {
        if (errno == EINTR) continue;
        const int error = errno;
        ::close(fd_);
        fail("lock", file, error);
    }
}

FolderLock::~FolderLock() {
    ::close(fd_);
}

}  // namespace certs
