#pragma once
// The log for a day's work: each value that arrives is a line, a repeated finding is one line now and then. At level
// debug every finding has its line. Loop thread only; memory is bounded.
//
//     data_in temperature=21                        at most 20 a second, the others are counted
//     R37 again, 39 times                           at most every 10 s for one device, rule and sentence

#include "server/core/about.h"
#include "server/journal/event.h"
#include "server/murano/finding.h"
#include "server/runtime/clock.h"
#include "server/runtime/log.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace device {

struct Subject;

class DayLog {
  public:
    explicit DayLog(runtime::Log& log) : log_(log) {}

    // `shown`: removes secrets from a value.
    using Shown = std::function<std::string(std::string_view)>;
    void values(const Subject& subject, const journal::DataPayload& data, const Shown& shown, const runtime::Now& now);

    void finding(runtime::LogLevel level, const Subject& subject, const murano::Finding& finding, const About& about,
                 const runtime::Now& now);

    // Logs what the device repeated since the last line about it.
    void left(const Subject& subject);

  private:
    struct Repeats {
        std::string connector, identity, rule;
        runtime::LogLevel level = runtime::LogLevel::info;
        std::uint64_t untold = 0;
        std::int64_t told_us = 0;  // real time
    };

    bool value_line_allowed(const runtime::Now& now);
    bool is_new(runtime::LogLevel level, const Subject& subject, const murano::Finding& finding,
                const runtime::Now& now);
    void tell(Repeats& repeats);

    runtime::Log& log_;
    std::unordered_map<std::string, Repeats> repeats_;
    std::int64_t second_us_ = 0;  // real time at which the current second began
    std::uint64_t lines_ = 0, left_out_ = 0;
};

}  // namespace device
