#pragma once
// The progress of a long transfer on a terminal: one line, rewritten.

#include <chrono>
#include <cstdint>
#include <iosfwd>
#include <string>

namespace cli {

class ProgressBar {
  public:
    // `shown` false: no output. A very short transfer shows nothing either.
    ProgressBar(std::ostream& out, const std::string& name, bool shown);
    ~ProgressBar();  // removes the line
    ProgressBar(const ProgressBar&) = delete;
    ProgressBar& operator=(const ProgressBar&) = delete;

    void begin(std::uint64_t total) { total_ = total; }
    void at(std::uint64_t done);

  private:
    using Clock = std::chrono::steady_clock;

    std::ostream& out_;
    std::string name_;
    bool shown_;
    bool drawn_ = false;
    std::uint64_t total_ = 0;
    Clock::time_point next_;
};

// "name [######----]  61 %  12.0 MB of 20.0 MB"
std::string progress_line(const std::string& name, std::uint64_t done, std::uint64_t total);

// Whether standard error is a terminal.
bool on_terminal();

}  // namespace cli
