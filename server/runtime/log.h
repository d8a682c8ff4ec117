#pragma once
// The structured log: one event, one line. Text for terminals, JSON lines for machines. Any thread; never throws; lines
// that cannot be written are dropped and counted. Secrets must not be passed in.
//
//     log.info("device connected", {{"connector", connector}, {"identity", identity}, {"keep_alive_s", 60}});

#include <atomic>
#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace runtime {

enum class LogLevel : std::uint8_t { error, warn, info, debug, trace };
enum class LogFormat : std::uint8_t { text, json };

std::string_view level_name(LogLevel level);

// The key is a literal: [a-z0-9_]+. The value may be any bytes; log_escape.h makes them harmless. A field with empty
// text is left out, so callers need no case for "no identity".
class Field {
  public:
    Field(std::string_view key, std::string_view value) : key_(key), value_(value) {}
    Field(std::string_view key, const std::string& value) : key_(key), value_(std::string_view(value)) {}
    Field(std::string_view key, const char* value) : key_(key), value_(std::string_view(value)) {}
    Field(std::string_view key, bool value) : key_(key), value_(std::string_view(value ? "true" : "false")) {}
    template <std::integral Integer>
    requires(!std::same_as<Integer, bool> && !std::same_as<Integer, char>) Field(std::string_view key, Integer value)
        : key_(key), value_(static_cast<std::int64_t>(value)) {}

    std::string_view key() const { return key_; }
    const std::variant<std::string_view, std::int64_t>& value() const { return value_; }

  private:
    std::string_view key_;
    std::variant<std::string_view, std::int64_t> value_;
};

// Takes one or more whole lines; false: they were lost. Must not throw.
using LogSink = std::function<bool(std::string_view lines)>;

// One write(2) per call. If a non-blocking pipe is full, the lines are lost; the server does not wait.
LogSink log_to_fd(int fd);

class Log {
  public:
    using Fields = std::initializer_list<Field>;
    using WallClock = std::function<std::int64_t()>;  // real time, microseconds since 1970

    // `wall_clock` empty: the machine's.
    Log(LogLevel level, LogFormat format, LogSink sink, WallClock wall_clock = {});
    ~Log() { flush(); }
    Log(const Log&) = delete;
    Log& operator=(const Log&) = delete;

    bool enabled(LogLevel level) const { return level <= level_.load(std::memory_order_relaxed); }
    void set_level(LogLevel level) { level_.store(level, std::memory_order_relaxed); }

    void error(std::string_view message, Fields fields = {}) { write(LogLevel::error, message, fields); }
    void warn(std::string_view message, Fields fields = {}) { write(LogLevel::warn, message, fields); }
    void info(std::string_view message, Fields fields = {}) { write(LogLevel::info, message, fields); }
    void debug(std::string_view message, Fields fields = {}) { write(LogLevel::debug, message, fields); }
    void trace(std::string_view message, Fields fields = {}) { write(LogLevel::trace, message, fields); }
    void write(LogLevel level, std::string_view message, Fields fields) {
        if (enabled(level)) append(level, message, fields);
    }

    // Buffered: lines wait for flush(), called once per loop turn; errors and a full buffer (64 KiB) are written at
    // once.
    void set_buffered(bool buffered);
    void flush() noexcept;

    std::uint64_t dropped_lines() const { return dropped_.load(std::memory_order_relaxed); }

  private:
    void append(LogLevel level, std::string_view message, Fields fields) noexcept;
    void flush_locked();

    std::atomic<LogLevel> level_;
    const LogFormat format_;
    const LogSink sink_;
    const WallClock wall_clock_;
    std::mutex mutex_;  // guards the members below
    std::string buffer_;
    std::uint64_t waiting_lines_ = 0;
    bool buffered_ = false;
    std::atomic<std::uint64_t> dropped_{0};
};

}  // namespace runtime
