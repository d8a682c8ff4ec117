#include "server/key_log.h"

#include "server/runtime/log.h"

#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace app {
namespace {

constexpr std::size_t most_waiting = 1024 * 1024;  // bytes; a line has at most 250

std::string reason(int error) {
    return std::generic_category().message(error);
}

// What is there and no file (a pipe, a device) could keep the writer waiting for ever.
std::string why_unusable(int file) {
    struct stat facts {};
    if (::fstat(file, &facts) != 0) return reason(errno);
    if (!S_ISREG(facts.st_mode)) return "it is not a regular file";
    return ::fchmod(file, S_IRUSR | S_IWUSR) == 0 ? std::string() : reason(errno);
}

int open_file(const std::string& name) {
    const int file = ::open(name.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK, S_IRUSR | S_IWUSR);
    const auto why = file < 0 ? reason(errno) : why_unusable(file);
    if (why.empty()) return file;
    if (file >= 0) ::close(file);
    throw std::runtime_error("--tls-key-log " + name + " cannot be written: " + why);
}

}  // namespace

KeyLog::KeyLog(const std::string& file, runtime::Log& log)
    : log_(log), name_(file), file_(open_file(file)), thread_([this] { run(); }) {
    log_.warn("the keys of TLS connections are written to a file: anyone who reads it can decrypt what devices send",
              {{"tls_key_log", name_}});
}

KeyLog::~KeyLog() {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
    }
    wake_.notify_one();
    thread_.join();
    ::close(file_);
}

void KeyLog::write(std::string_view line) noexcept {
    try {
        const std::lock_guard lock(mutex_);
        if (waiting_.size() + line.size() >= most_waiting) {
            lost_ += line.size() + 1;
            return;
        }
        waiting_.append(line).append("\n");
    } catch (...) {
        return;  // no memory: this connection cannot be decrypted
    }
    wake_.notify_one();
}

void KeyLog::run() {
    std::unique_lock lock(mutex_);
    while (true) {
        wake_.wait(lock, [this] { return ending_ || !waiting_.empty(); });
        if (waiting_.empty()) return;
        const auto lines = std::exchange(waiting_, {});
        const auto lost = std::exchange(lost_, 0);
        lock.unlock();
        if (lost > 0) tell_loss(lost, EAGAIN);
        failing_ = !put(lines);
        lock.lock();
    }
}

// False: some of it was lost. The first time of several is told.
bool KeyLog::put(std::string_view lines) {
    std::string all = half_line_ ? "\n" : "";
    all += lines;
    std::string_view rest = all;
    while (!rest.empty()) {
        const auto written = ::write(file_, rest.data(), rest.size());
        if (written > 0) {
            half_line_ = rest[static_cast<std::size_t>(written) - 1] != '\n';
            rest.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno != EINTR) {
            if (!failing_) tell_loss(rest.size(), errno);
            return false;
        }
    }
    return true;
}

void KeyLog::tell_loss(std::uint64_t bytes, int error) {
    log_.warn("keys of TLS connections could not be written: those connections cannot be decrypted",
              {{"tls_key_log", name_}, {"bytes", bytes}, {"error", reason(error)}});
}

}  // namespace app
