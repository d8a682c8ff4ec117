#include "server/faults/registry.h"

#include <algorithm>
#include <set>

namespace faults {
namespace {

// Of identities or connections that one fault counts apart; those behind count together.
constexpr std::size_t most_tallies = 100'000;

// Packets are the session's business, and content that of its requests.
bool acts_on_connections(const Fault& fault) {
    if (fault.kind == Kind::refuse || fault.kind == Kind::outage) return false;
    if (fault.kind == Kind::close) return !fault.values.has(Key::packet);
    const auto layer = fault.rule().layer;
    return layer == Layer::tcp || layer == Layer::tls;
}

}  // namespace

std::string_view to_string(State state) {
    return state == State::waiting ? "waiting" : state == State::active ? "active" : "spent";
}

void Registry::changed() const {
    changed_();
}

// --- calls ---

ArmedPtr Registry::find(std::string_view name) const {
    const auto found =
        std::find_if(armed_.begin(), armed_.end(), [name](const ArmedPtr& armed) { return armed->fault.name == name; });
    return found == armed_.end() ? nullptr : *found;
}

std::string Registry::unused_name() {
    std::string name;
    do {
        name = "fault-" + std::to_string(++last_name_);
    } while (find(name));
    return name;
}

std::optional<Refused> Registry::refusal(const Fault& fault) const {
    if (fault.after_fault.empty()) return std::nullopt;
    if (fault.after_fault == fault.name || !find(fault.after_fault)) {
        return Refused{Refused::Why::unknown_predecessor,
                       "there is no other fault \"" + fault.after_fault + "\", whose end this one waits for"};
    }
    return std::nullopt;
}

ArmedPtr Registry::make(Fault fault, TimePoint now, Origin origin, std::shared_ptr<const void> made) {
    if (fault.name.empty()) fault.name = unused_name();
    auto armed = std::make_shared<Armed>();
    armed->number = ++last_number_;
    armed->fault = std::move(fault);
    armed->origin = origin;
    armed->made = std::move(made);
    armed->created = now;
    if (armed->fault.after_fault.empty()) armed->begins = now + armed->fault.budget.delay;
    step(*armed, now);
    return armed;
}

std::variant<ArmedPtr, Refused> Registry::add(Fault fault, TimePoint now, Origin origin,
                                              std::shared_ptr<const void> made) {
    if (!fault.name.empty() && find(fault.name)) {
        return Refused{Refused::Why::taken, "there is a fault \"" + fault.name + "\" already: PUT replaces it"};
    }
    if (armed_.size() >= options_.most) {
        return Refused{Refused::Why::full, "there are limits.max_faults (" + std::to_string(options_.most) +
                                               ") faults already, spent ones too: delete some"};
    }
    if (auto refused = refusal(fault)) return std::move(*refused);
    armed_.push_back(make(std::move(fault), now, origin, std::move(made)));
    const auto added = armed_.back();
    changed();
    return added;
}

std::variant<ArmedPtr, Refused> Registry::put(Fault fault, TimePoint now, bool& replaced, Origin origin,
                                              std::shared_ptr<const void> made) {
    const auto found = std::find_if(armed_.begin(), armed_.end(),
                                    [&](const ArmedPtr& armed) { return armed->fault.name == fault.name; });
    replaced = found != armed_.end();
    if (!replaced) return add(std::move(fault), now, origin, std::move(made));
    if (auto refused = refusal(fault)) return std::move(*refused);
    withdraw(*found);
    *found = make(std::move(fault), now, origin, std::move(made));
    const auto added = *found;
    changed();
    return added;
}

std::variant<std::vector<ArmedPtr>, Refused> Registry::replace_all(std::vector<Ready> list, TimePoint now,
                                                                   Origin origin) {
    if (list.size() > options_.most) {
        return Refused{Refused::Why::full, "the list has " + std::to_string(list.size()) +
                                               " faults, and limits.max_faults is " + std::to_string(options_.most)};
    }
    for (const auto& armed : armed_) withdraw(armed);
    armed_.clear();
    std::set<std::string> named;
    for (const auto& ready : list) named.insert(ready.fault.name);
    for (auto& ready : list) {
        // One that is made up is none that another of the list brings along.
        for (bool free = !ready.fault.name.empty(); !free; free = !named.contains(ready.fault.name))
            ready.fault.name = unused_name();
        armed_.push_back(make(std::move(ready.fault), now, origin, std::move(ready.made)));
    }
    changed();
    return armed_;
}

void Registry::withdraw(const ArmedPtr& armed) {
    armed->removed = true;
    armed->state = State::spent;
    tallies_.erase(armed->number);
    generators_.erase(armed->number);
}

bool Registry::remove(std::string_view name) {
    const auto armed = find(name);
    if (!armed) return false;
    withdraw(armed);
    std::erase(armed_, armed);
    changed();
    return true;
}

void Registry::clear(std::string_view connector, std::string_view identity) {
    const auto named = [&](const ArmedPtr& armed) {
        const auto& scope = armed->fault.scope;
        return (connector.empty() || (scope.connector && *scope.connector == connector)) &&
               (identity.empty() || (scope.identity && *scope.identity == identity));
    };
    const auto before = armed_.size();
    for (const auto& armed : armed_) {
        if (named(armed)) withdraw(armed);
    }
    std::erase_if(armed_, named);
    if (armed_.size() != before) changed();
}

// --- chances ---

bool Registry::concerns(const Client& client) const {
    return std::any_of(armed_.begin(), armed_.end(), [&](const ArmedPtr& armed) {
        return armed->state != State::spent && acts_on_connections(armed->fault) &&
               armed->fault.scope.may_strike(client);
    });
}

std::uint64_t Registry::seed_of(const Armed& armed) const {
    return armed.fault.budget.seed.value_or(options_.seed);
}

Tally& Registry::tally_of(const Armed& armed, const Client& client) {
    auto& tallies = tallies_[armed.number];
    const auto per = armed.fault.budget.per;
    std::string key(per == Per::identity ? client.identity : per == Per::connection ? client.connection : "");
    if (tallies.size() >= most_tallies && !tallies.contains(key)) key.clear();
    const auto found = tallies.find(key);
    if (found != tallies.end()) return found->second;
    const auto identity = per == Per::identity ? client.identity : std::string_view();
    return tallies.emplace(std::move(key), Tally{Generator(seed_of(armed), armed.fault.name, identity)}).first->second;
}

std::optional<std::uint64_t> Registry::strike(const ArmedPtr& armed, const Client& client, TimePoint now) {
    const auto& budget = armed->fault.budget;
    ++armed->chances;
    auto& tally = tally_of(*armed, client);
    if (!tally.draw(budget)) return std::nullopt;
    ++armed->hits;
    if (budget.per == Per::all && budget.times && armed->hits >= *budget.times) {
        armed->state = State::spent;
        armed->ends = now;
        wants_advance_ = true;
        changed();
    }
    return armed->hits;
}

std::uint64_t Registry::random_of(const Armed& armed) {
    const auto made = generators_.try_emplace(armed.number, seed_of(armed), armed.fault.name, "random");
    return made.first->second.next();
}

Milliseconds Registry::delay_of(const Armed& armed) {
    const auto delay = armed.fault.values.time(Key::delay_ms);
    const auto spread = armed.fault.values.time(Key::jitter_ms);
    if (spread.count() == 0) return delay;
    const auto made = generators_.try_emplace(armed.number, seed_of(armed), armed.fault.name, "random");
    return std::max(Milliseconds(0), delay + made.first->second.jitter(spread));
}

void Registry::report(const Armed& armed, std::uint64_t hit, const Client& client, std::string_view detail,
                      std::string_view packet, std::string_view topic) const {
    told_({armed, hit, client, packet, topic, detail});
}

void Registry::hold(std::string_view connection, const ArmedPtr& armed) {
    held_[std::string(connection)].push_back(armed);
}

std::vector<std::string> Registry::names_that_hold(std::string_view connection) const {
    std::vector<std::string> names;
    const auto found = held_.find(std::string(connection));
    if (found == held_.end()) return names;
    for (const auto& armed : found->second) {
        if (!armed->over()) names.push_back(armed->fault.name);
    }
    return names;
}

void Registry::forget(std::string_view connection) {
    if (!held_.empty()) held_.erase(std::string(connection));
    if (tallies_.empty()) return;
    for (const auto& armed : armed_) {
        if (armed->fault.budget.per != Per::connection) continue;
        if (const auto found = tallies_.find(armed->number); found != tallies_.end()) {
            found->second.erase(std::string(connection));
        }
    }
}

// --- time ---

bool Registry::predecessor_is_spent(const Armed& armed) const {
    const auto predecessor = find(armed.fault.after_fault);
    return predecessor && predecessor->state == State::spent;
}

// True: it began or ended.
bool Registry::step(Armed& armed, TimePoint now) {
    const auto before = armed.state;
    if (armed.state == State::waiting && !armed.begins && predecessor_is_spent(armed)) {
        armed.begins = now + armed.fault.budget.delay;
    }
    if (armed.state == State::waiting && armed.begins && *armed.begins <= now) {
        armed.state = State::active;
        if (armed.fault.budget.length) armed.ends = *armed.begins + *armed.fault.budget.length;
    }
    if (armed.state != State::waiting && armed.fault.budget.length && !armed.timed_out &&
        *armed.begins + *armed.fault.budget.length <= now) {
        armed.state = State::spent;
        armed.timed_out = true;
        return true;
    }
    return armed.state != before;
}

void Registry::advance(TimePoint now) {
    bool any = false;
    // One that ends may begin another, which stands before it or behind it.
    for (bool again = true; again;) {
        again = false;
        for (const auto& armed : armed_) again = step(*armed, now) || again;
        any = any || again;
    }
    wants_advance_ = false;
    if (any) changed();
}

std::optional<TimePoint> Registry::next_change() const {
    if (wants_advance_) return TimePoint::min();
    std::optional<TimePoint> next;
    const auto earlier = [&next](TimePoint time) { next = next ? std::min(*next, time) : time; };
    for (const auto& armed : armed_) {
        if (armed->state == State::waiting && armed->begins) earlier(*armed->begins);
        const auto& length = armed->fault.budget.length;
        if (armed->state != State::waiting && length && !armed->timed_out) earlier(*armed->begins + *length);
    }
    return next;
}

}  // namespace faults
