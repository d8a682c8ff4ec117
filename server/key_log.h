#pragma once
// --tls-key-log: writes the secrets of TLS connections, a line each, in the NSS key log format, so that Wireshark can
// decrypt a capture. Has its own thread: the event loop never waits for the file.

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace runtime {
class Log;
}

namespace app {

class KeyLog {
  public:
    // Appends to the file; creates it if missing and makes it readable by the owner only (0600). Throws
    // std::runtime_error with a sentence if it cannot be written. Logs a warning that it is on.
    KeyLog(const std::string& file, runtime::Log& log);
    ~KeyLog();  // writes the waiting lines
    KeyLog(const KeyLog&) = delete;
    KeyLog& operator=(const KeyLog&) = delete;

    // `line` without line end. Any thread; never blocks, never throws: lines beyond 1 MiB of waiting ones are lost.
    void write(std::string_view line) noexcept;

  private:
    void run();
    bool put(std::string_view lines);
    void tell_loss(std::uint64_t bytes, int error);

    runtime::Log& log_;
    std::string name_;
    int file_;
    bool failing_ = false;    // the writing thread's, as the next member
    bool half_line_ = false;  // the file ends in the middle of a line
    std::mutex mutex_;        // guards the members below
    std::condition_variable wake_;
    std::string waiting_;
    std::uint64_t lost_ = 0;  // bytes that did not fit
    bool ending_ = false;
    std::thread thread_;
};

}  // namespace app
