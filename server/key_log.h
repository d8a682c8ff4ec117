#pragma once
// --tls-key-log: the secrets of TLS connections, a line each in the NSS key log format, so that Wireshark can decrypt a
// capture. A thread of its own writes them: the event loop never waits for the file.

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
    // Appends to the file, which is made where it is not there and is the owner's alone (0600) from then on. Throws
    // std::runtime_error with a sentence when it cannot be written. Warns that it is on.
    KeyLog(const std::string& file, runtime::Log& log);
    ~KeyLog();  // writes what waits
    KeyLog(const KeyLog&) = delete;
    KeyLog& operator=(const KeyLog&) = delete;

    // Without a line end. Any thread; never blocks, never throws: what does not fit into 1 MiB of waiting lines is
    // lost.
    void write(std::string_view line) noexcept;

  private:
    void run();
    bool put(std::string_view lines);
    void tell_loss(std::uint64_t bytes, int error);

    runtime::Log& log_;
    std::string name_;
    int file_;
    bool failing_ = false;    // the writing thread's, as the next
    bool half_line_ = false;  // stands at the end of the file
    std::mutex mutex_;        // what follows
    std::condition_variable wake_;
    std::string waiting_;
    std::uint64_t lost_ = 0;  // bytes that found no room
    bool ending_ = false;
    std::thread thread_;
};

}  // namespace app
