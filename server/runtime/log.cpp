#include "server/runtime/log.h"

#include "server/runtime/emulator_clock.h"
#include "server/runtime/log_line.h"

#include <array>
#include <cerrno>
#include <utility>

#include <unistd.h>

namespace runtime {
namespace {

constexpr std::size_t full_buffer = 65'536;
constexpr std::array<std::string_view, 5> level_names{"error", "warn", "info", "debug", "trace"};

bool write_all(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(fd, bytes.data(), bytes.size());
        if (written >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno != EINTR) {
            return false;
        }
    }
    return true;
}

}  // namespace

std::string_view level_name(LogLevel level) {
    return level_names.at(static_cast<std::size_t>(level));
}

LogSink log_to_fd(int fd) {
    return [fd](std::string_view lines) { return write_all(fd, lines); };
}

Log::Log(LogLevel level, LogFormat format, LogSink sink, WallClock wall_clock)
    : level_(level),
      format_(format),
      sink_(std::move(sink)),
      wall_clock_(wall_clock ? std::move(wall_clock) : WallClock([] { return system_time().us; })) {}

void Log::set_buffered(bool buffered) {
    const std::lock_guard lock(mutex_);
    buffered_ = buffered;
    if (!buffered) flush_locked();
}

void Log::flush() noexcept {
    try {
        const std::lock_guard lock(mutex_);
        flush_locked();
    } catch (...) {
        dropped_.fetch_add(1, std::memory_order_relaxed);
    }
}

void Log::append(LogLevel level, std::string_view message, Fields fields) noexcept {
    try {
        const std::lock_guard lock(mutex_);
        const std::size_t before = buffer_.size();
        try {
            const auto text = enabled(LogLevel::debug) ? append_text_line : append_brief_line;
            const auto line = format_ == LogFormat::text ? text : append_json_line;
            line(buffer_, wall_clock_(), level, message, fields);
        } catch (...) {
            buffer_.resize(before);  // no half lines
            throw;
        }
        ++waiting_lines_;
        if (!buffered_ || level == LogLevel::error || buffer_.size() >= full_buffer) flush_locked();
    } catch (...) {
        dropped_.fetch_add(1, std::memory_order_relaxed);
    }
}

void Log::flush_locked() {
    if (buffer_.empty()) return;
    if (!sink_(buffer_)) dropped_.fetch_add(waiting_lines_, std::memory_order_relaxed);
    waiting_lines_ = 0;
    buffer_.clear();
}

}  // namespace runtime
