#pragma once
// The emulator's clock: real time that users can move or freeze, for all connectors or for one. Sessions, tokens,
// certificates and timestamps use it [D3, R18a]; Keep Alive and network timeouts use Now::steady, which never moves.
// One thread.

#include "server/runtime/clock.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace runtime {

struct RealTime {
    std::int64_t us = 0;  // since 1970
    std::chrono::steady_clock::time_point steady;
};
using RealTimeSource = std::function<RealTime()>;

// Reads the machine's clocks. No other code does.
RealTime system_time();

// What GET /clock shows.
struct ClockReading {
    std::int64_t now_us = 0;
    std::int64_t offset_us = 0;  // now minus real time; decreases while frozen
    bool frozen = false;
    bool overridden = false;  // this connector has a clock of its own
};

// An empty `connector` means the global clock. The first change of a connector's clock gives it its own, which starts
// at the global clock's time and no longer follows it, until reset(connector).
class EmulatorClock {
  public:
    static constexpr std::int64_t max_us =
        253'402'300'799'999'999;  // end of the year 9999; readings stay in [0, max_us]

    explicit EmulatorClock(RealTimeSource source = system_time);

    // While a Moment lives, the machine's clocks are read once: what came together happened at one time. May be nested.
    class Moment {
      public:
        explicit Moment(EmulatorClock& clock) : clock_(clock), outer_(clock.moment_) {
            if (!outer_) clock_.moment_ = clock_.source_();
        }
        ~Moment() { clock_.moment_ = outer_; }
        Moment(const Moment&) = delete;
        Moment& operator=(const Moment&) = delete;

      private:
        EmulatorClock& clock_;
        std::optional<RealTime> outer_;
    };

    Now now(std::string_view connector = {}) const;
    // Real time at this instant, within a Moment too: deadlines count from it.
    std::chrono::steady_clock::time_point steady_now() const { return source_().steady; }
    ClockReading reading(std::string_view connector = {}) const;

    // To show exactly a chosen time, freeze first and then set.
    void set(std::int64_t now_us, std::string_view connector = {});
    void set_offset(std::int64_t offset_us, std::string_view connector = {});
    void advance(std::int64_t by_us, std::string_view connector = {});  // frozen or not; negative goes back
    void freeze(std::string_view connector = {});
    void unfreeze(std::string_view connector = {});  // continues from the frozen time

    // A connector follows the global clock again; without a connector all clocks show real time again.
    void reset(std::string_view connector = {});

    // For the database: kept over a restart. False: the text is invalid, and nothing was changed.
    std::string save() const;
    bool restore(std::string_view text);

  private:
    struct State {
        bool frozen = false;
        std::int64_t us = 0;  // frozen: the time shown; else the offset from real time
        std::int64_t shows(std::int64_t real_us) const;
    };

    RealTime real() const { return moment_ ? *moment_ : source_(); }
    const State& state(std::string_view connector) const;
    State& own_state(std::string_view connector);
    static bool parse_line(std::string_view line, std::string_view& name, State& state);

    RealTimeSource source_;
    std::optional<RealTime> moment_;
    State global_;
    std::map<std::string, State, std::less<>> overrides_;
};

}  // namespace runtime
