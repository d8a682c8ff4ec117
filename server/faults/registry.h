#pragma once
// The faults that are there, in order of creation: who is struck, how often, from when to when. Pure: time is an
// argument. One thread. Without any fault every question costs the test of one member.

#include "server/faults/fault.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

namespace faults {

enum class State : std::uint8_t { waiting, active, spent };
std::string_view to_string(State state);

// Who made it: what a reset puts back, and what a snapshot keeps.
enum class Origin : std::uint8_t { call, file };

// A fault in force. What it holds (a silenced connection, a delayed packet) shares it, and asks `removed`.
struct Armed {
    std::uint32_t number = 0;  // of this fault and no other, from 1
    Fault fault;
    Origin origin = Origin::call;
    State state = State::waiting;
    TimePoint created;
    std::optional<TimePoint> begins;  // none: when another is spent
    std::optional<TimePoint> ends;
    std::uint64_t chances = 0, hits = 0;
    std::shared_ptr<const void> made = {};  // what it needs and was made before, such as certificates
    bool removed = false;                   // by a call: what it delayed leaves, what it silenced is reset

    bool active() const { return state == State::active; }
    // It ended by its time or by a call: a delay holds nothing any more. One that struck often enough goes on holding.
    bool over() const { return removed || timed_out; }
    bool timed_out = false;
};
using ArmedPtr = std::shared_ptr<Armed>;

// What one hit did, told at the moment it acts.
struct Report {
    const Armed& armed;
    std::uint64_t hit;
    const Client& client;
    std::string_view packet;  // "PUBACK"; empty: none
    std::string_view topic;
    std::string_view detail;  // one sentence
};

struct Refused {
    enum class Why : std::uint8_t { taken, full, unknown_predecessor };
    Why why;
    std::string message;
};

class Registry {
  public:
    struct Options {
        std::size_t most = 1'000;
        std::uint64_t seed = 0;  // of faults that name none
    };
    explicit Registry(Options options) : options_(options) {}

    // Called after something began, ended, came or went: whoever holds plans makes them anew. Also from within
    // strike(), when a fault is spent: whoever is told acts later.
    void on_change(std::function<void()> changed) { changed_ = std::move(changed); }
    void on_hit(std::function<void(const Report&)> told) { told_ = std::move(told); }

    // --- calls ---
    std::variant<ArmedPtr, Refused> add(Fault fault, TimePoint now, Origin origin = Origin::call,
                                        std::shared_ptr<const void> made = {});
    // Creates, or replaces in its place; counters from 0. `replaced` is set where there was one.
    std::variant<ArmedPtr, Refused> put(Fault fault, TimePoint now, bool& replaced, Origin origin = Origin::call,
                                        std::shared_ptr<const void> made = {});
    // What a list is made of.
    struct Ready {
        Fault fault;
        std::shared_ptr<const void> made = {};
    };
    // The list becomes these, or stays as it is. Each name occurs once, and a predecessor stands before who waits for
    // it.
    std::variant<std::vector<ArmedPtr>, Refused> replace_all(std::vector<Ready> list, TimePoint now,
                                                             Origin origin = Origin::call);
    bool remove(std::string_view name);
    // All that name both, where given.
    void clear(std::string_view connector = {}, std::string_view identity = {});
    ArmedPtr find(std::string_view name) const;
    const std::vector<ArmedPtr>& all() const { return armed_; }
    std::size_t size() const { return armed_.size(); }

    // --- chances ---
    bool empty() const { return armed_.empty(); }
    // Whether one that acts on bytes or handshakes, not spent, may strike it; what is not known of it may be anything.
    bool concerns(const Client& client) const;
    // The hit's number, or nothing: the chance is counted, and it let it pass. The fault must be active and strike.
    std::optional<std::uint64_t> strike(const ArmedPtr& armed, const Client& client, TimePoint now);
    // A delay's length, with its jitter, from the fault's own generator.
    Milliseconds delay_of(const Armed& armed);
    std::uint64_t random_of(const Armed& armed);
    void report(const Armed& armed, std::uint64_t hit, const Client& client, std::string_view detail,
                std::string_view packet = {}, std::string_view topic = {}) const;
    void forget(std::string_view connection);  // it is closed
    // What holds a connection as long as it lasts, for those who ask.
    void hold(std::string_view connection, const ArmedPtr& armed);
    std::vector<std::string> names_that_hold(std::string_view connection) const;

    // --- time ---
    void advance(TimePoint now);                   // begins and ends what is due
    std::optional<TimePoint> next_change() const;  // when advance() has something to do

  private:
    using Tallies = std::unordered_map<std::string, Tally>;

    std::optional<Refused> refusal(const Fault& fault) const;
    ArmedPtr make(Fault fault, TimePoint now, Origin origin, std::shared_ptr<const void> made);
    bool step(Armed& armed, TimePoint now);
    bool predecessor_is_spent(const Armed& armed) const;
    Tally& tally_of(const Armed& armed, const Client& client);
    std::uint64_t seed_of(const Armed& armed) const;
    std::string unused_name();
    void withdraw(const ArmedPtr& armed);
    void changed() const;

    Options options_;
    std::vector<ArmedPtr> armed_;
    std::unordered_map<std::string, std::vector<ArmedPtr>> held_;  // by connection
    std::unordered_map<std::uint32_t, Tallies> tallies_;           // by fault; empty key: of all
    std::unordered_map<std::uint32_t, Generator> generators_;      // of jitter and random bits
    std::function<void()> changed_ = [] {};
    std::function<void(const Report&)> told_ = [](const Report&) {};
    std::uint32_t last_number_ = 0;
    std::uint64_t last_name_ = 0;
    bool wants_advance_ = false;  // one was spent, and another may begin
};

}  // namespace faults
