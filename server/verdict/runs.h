#pragma once
// All runs, and which connection belongs to which. Values in, values out, real time as an argument. One thread.

#include "server/verdict/early_life.h"
#include "server/verdict/observer.h"
#include "server/verdict/run.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace verdict {

// Microseconds of a clock that never goes back; the same clock in every call.
using Steady = std::chrono::microseconds;

struct Started {
    std::string id;
};
struct AlreadyRuns {
    std::string id;  // of the run on that device
};
struct TooManyRuns {};  // none of them is over, so none can be dropped

class Runs {
  public:
    // Keeps `most` runs; the oldest finished one is dropped for a new one.
    explicit Runs(std::size_t most) : most_(most) {}

    struct Entry {
        std::string id;
        std::string suite;
        std::int64_t started_us = 0;  // real, since 1970
        Steady began{0};
        Run run;
        std::vector<std::string> addresses = {};  // the device's addresses, at most 16
    };

    std::variant<Started, AlreadyRuns, TooManyRuns> start(RunPlan plan, std::string suite, std::int64_t now_us,
                                                          Steady now);
    void saw(const Sighting& sighting, Steady now);
    void at(Steady now);
    bool abort(std::string_view id, const std::string& why, Steady now);
    // False: no such active run.
    bool hook_answered(std::string_view id, const HookAnswered& answer, Steady now);
    void cannot(std::string_view id, const std::string& why, Steady now);
    // To the active runs on that connector whose check looks for events. False: there is none.
    bool journalled(std::string_view connector, std::uint64_t cursor, const journal::Recorded& event, Steady now);
    // The number of other devices connected to the run's connector, after a change.
    void neighbours(std::string_view id, std::uint64_t count, Steady now);
    // New ids are greater than this one.
    void continue_behind(std::uint64_t id) { next_id_ = std::max(next_id_, id + 1); }
    std::uint64_t next_id() const { return next_id_; }
    void abort_all(const std::string& why, Steady now);
    // False: unknown, or still active.
    bool remove(std::string_view id);

    // Whether an observation can matter: no cost without an active run.
    bool any_going_on() const { return going_on_ > 0; }
    // Of the active runs; nullopt: there are none.
    std::optional<Steady> next_deadline() const;
    // In the order of their start.
    const std::vector<std::unique_ptr<Entry>>& all() const { return entries_; }
    const Entry* find(std::string_view id) const;
    struct OrderOf {
        const Entry* entry = nullptr;
        Order order;
    };
    // What the server must do, in order; call after every other call.
    std::vector<OrderOf> take_orders();

  private:
    struct Line {
        std::uint64_t number = 0;
        std::string ip;
        std::string connector;
        EarlyLife early;
        Entry* owner = nullptr;
        bool named = false;  // an identity named it; if not, only its address points to the owner
    };

    Line& line_of(const Sighting& sighting);
    Entry* find_mutable(std::string_view id);
    Entry* of_device(std::string_view connector, std::string_view identity);
    Entry* of_address(std::string_view ip);
    Entry* waiting_for(std::string_view connector);
    void claim(Line& line, Entry& owner);
    void hand(Entry& entry, const Observation& observation, Steady now);
    void count_going_on();
    bool make_room();

    std::size_t most_;
    std::uint64_t next_id_ = 1;
    std::uint64_t next_line_ = 1;
    std::size_t going_on_ = 0;
    std::vector<std::unique_ptr<Entry>> entries_;
    std::map<std::string, Line, std::less<>> lines_;  // open connections that began during an active run
};

}  // namespace verdict
