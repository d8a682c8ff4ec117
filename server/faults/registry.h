#pragma once
// All faults in order of creation: whom each strikes, how often, from when to when. Pure: time is an argument. One
// thread. Without faults every query costs the test of one member.

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

// Who created it: decides what a reset restores and a snapshot keeps.
enum class Origin : std::uint8_t { call, file };

// A fault in force. Holders of its effects (a silenced connection, a delayed packet) share it and check `removed`.
struct Armed {
    std::uint32_t number = 0;  // unique, from 1
    Fault fault;
    Origin origin = Origin::call;
    State state = State::waiting;
    TimePoint created;
    std::optional<TimePoint> begins;  // nullopt: when its predecessor is spent
    std::optional<TimePoint> ends;
    std::uint64_t chances = 0, hits = 0;
    std::shared_ptr<const void> made = {};  // prepared for it, such as certificates
    bool removed = false;                   // by a call: delayed packets leave, silenced connections are reset

    bool active() const { return state == State::active; }
    // It ended by time or by a call: a delay holds nothing any more. A fault that used up `times` goes on holding.
    bool over() const { return removed || timed_out; }
    bool timed_out = false;
};
using ArmedPtr = std::shared_ptr<Armed>;

// The effect of one hit, reported when it happens.
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
        std::uint64_t seed = 0;  // for faults without a seed
    };
    explicit Registry(Options options) : options_(options) {}

    // Called after a fault began, ended, was added or removed: holders of plans rebuild them. Also called within
    // strike() when a fault is spent, so the callee must act later.
    void on_change(std::function<void()> changed) { changed_ = std::move(changed); }
    void on_hit(std::function<void(const Report&)> told) { told_ = std::move(told); }

    // --- calls ---
    std::variant<ArmedPtr, Refused> add(Fault fault, TimePoint now, Origin origin = Origin::call,
                                        std::shared_ptr<const void> made = {});
    // Creates the fault, or replaces one in its place with counters at 0. `replaced`: set if there was one.
    std::variant<ArmedPtr, Refused> put(Fault fault, TimePoint now, bool& replaced, Origin origin = Origin::call,
                                        std::shared_ptr<const void> made = {});
    // An entry of a list.
    struct Ready {
        Fault fault;
        std::shared_ptr<const void> made = {};
    };
    // Replaces the list, or leaves it unchanged. Each name occurs once, and a predecessor precedes its successors.
    std::variant<std::vector<ArmedPtr>, Refused> replace_all(std::vector<Ready> list, TimePoint now,
                                                             Origin origin = Origin::call);
    bool remove(std::string_view name);
    // Removes all that name both, as far as given.
    void clear(std::string_view connector = {}, std::string_view identity = {});
    ArmedPtr find(std::string_view name) const;
    const std::vector<ArmedPtr>& all() const { return armed_; }
    std::size_t size() const { return armed_.size(); }

    // --- chances ---
    bool empty() const { return armed_.empty(); }
    // Whether a fault that acts on bytes or handshakes may still strike it; unknown properties match anything.
    bool concerns(const Client& client) const;
    // The hit's number, or nullopt: the chance is counted, but no hit. The fault must be active and strike the client.
    std::optional<std::uint64_t> strike(const ArmedPtr& armed, const Client& client, TimePoint now);
    // A delay's length including jitter, from the fault's own generator.
    Milliseconds delay_of(const Armed& armed);
    std::uint64_t random_of(const Armed& armed);
    void report(const Armed& armed, std::uint64_t hit, const Client& client, std::string_view detail,
                std::string_view packet = {}, std::string_view topic = {}) const;
    void forget(std::string_view connection);  // the connection is closed
    // Notes that a fault holds the connection until it closes, for queries.
    void hold(std::string_view connection, const ArmedPtr& armed);
    std::vector<std::string> names_that_hold(std::string_view connection) const;

    // --- time ---
    void advance(TimePoint now);                   // begins and ends faults that are due
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
    std::unordered_map<std::uint32_t, Tallies> tallies_;           // by fault; empty key: for all
    std::unordered_map<std::uint32_t, Generator> generators_;      // for jitter and random bits
    std::function<void()> changed_ = [] {};
    std::function<void(const Report&)> told_ = [](const Report&) {};
    std::uint32_t last_number_ = 0;
    std::uint64_t last_name_ = 0;
    bool wants_advance_ = false;  // a fault is spent, and its successor may begin
};

}  // namespace faults
