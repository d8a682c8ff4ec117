#pragma once
// All runs, and which of them hears of which connection. Values in, values out, real time as an argument. One thread.

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

// Microseconds of a clock that never goes back; the same one in every call.
using Steady = std::chrono::microseconds;

struct Started {
    std::string id;
};
struct AlreadyRuns {
    std::string id;  // of the run on that device
};
struct TooManyRuns {};  // all of them go on: none can make room

class Runs {
  public:
    // Keeps `most` runs; the oldest that is over makes room.
    explicit Runs(std::size_t most) : most_(most) {}

    struct Entry {
        std::string id;
        std::string suite;
        std::int64_t started_us = 0;  // real, since 1970
        Steady began{0};
        Run run;
        std::vector<std::string> addresses = {};  // from which the device came, at most 16
    };

    std::variant<Started, AlreadyRuns, TooManyRuns> start(RunPlan plan, std::string suite, std::int64_t now_us,
                                                          Steady now);
    void saw(const Sighting& sighting, Steady now);
    void at(Steady now);
    bool abort(std::string_view id, const std::string& why, Steady now);
    // False: no such run goes on.
    bool hook_answered(std::string_view id, const HookAnswered& answer, Steady now);
    void cannot(std::string_view id, const std::string& why, Steady now);
    // To the runs on that connector whose check looks for events. False: there is none.
    bool journalled(std::string_view connector, std::uint64_t cursor, const journal::Recorded& event, Steady now);
    // How many others are connected on the run's connector, when that has changed.
    void neighbours(std::string_view id, std::uint64_t count, Steady now);
    // Ids go on behind this one.
    void continue_behind(std::uint64_t id) { next_id_ = std::max(next_id_, id + 1); }
    std::uint64_t next_id() const { return next_id_; }
    void abort_all(const std::string& why, Steady now);
    // False: unknown, or it goes on still.
    bool remove(std::string_view id);

    // Whether anything that is seen can matter: costs nothing where no run goes on.
    bool any_going_on() const { return going_on_ > 0; }
    // Of the runs that go on; nothing where there is none.
    std::optional<Steady> next_deadline() const;
    // In order of their begin.
    const std::vector<std::unique_ptr<Entry>>& all() const { return entries_; }
    const Entry* find(std::string_view id) const;
    struct OrderOf {
        const Entry* entry = nullptr;
        Order order;
    };
    // What there is to do, in order; asked for after every other call.
    std::vector<OrderOf> take_orders();

  private:
    struct Line {
        std::uint64_t number = 0;
        std::string ip;
        std::string connector;
        EarlyLife early;
        Entry* owner = nullptr;
        bool named = false;  // by an identity; else only its address speaks for the owner
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
    std::map<std::string, Line, std::less<>> lines_;  // open connections that were begun while a run went on
};

}  // namespace verdict
