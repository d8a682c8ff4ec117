#include "server/verdict/runs.h"

#include <algorithm>
#include <utility>

namespace verdict {

namespace {

constexpr std::size_t most_addresses = 16;

}  // namespace

std::variant<Started, AlreadyRuns, TooManyRuns> Runs::start(RunPlan plan, std::string suite, std::int64_t now_us,
                                                            Steady now) {
    if (const Entry* running = of_device(plan.subject.connector, plan.subject.identity))
        return AlreadyRuns{running->id};
    if (!make_room()) return TooManyRuns{};
    const std::string id = std::to_string(next_id_++);
    entries_.push_back(std::make_unique<Entry>(Entry{id, std::move(suite), now_us, now, Run(std::move(plan))}));
    count_going_on();
    return Started{id};
}

void Runs::saw(const Sighting& sighting, Steady now) {
    if (going_on_ == 0 || sighting.connection.empty()) return;
    Line& line = line_of(sighting);
    if (!line.owner) line.owner = of_address(line.ip);
    const Observation observation{.at = now,
                                  .connection = line.number,
                                  .cursor = sighting.cursor,
                                  .sent_bytes = sighting.sent_bytes,
                                  .seen = sighting.seen};
    if (!sighting.identity.empty() && !line.named) {
        Entry* owner = of_device(line.connector, sighting.identity);
        line.named = true;
        if (owner && owner != line.owner) claim(line, *owner);
        line.owner = owner;
    }
    const bool closed = std::holds_alternative<Closed>(sighting.seen);
    if (closed && !line.owner && !line.named) {
        if (Entry* waiting = waiting_for(line.connector)) claim(line, *waiting);
    }
    if (line.owner) {
        hand(*line.owner, observation, now);
    } else {
        line.early.keep(observation);
    }
    if (closed) lines_.erase(lines_.find(sighting.connection));
}

Runs::Line& Runs::line_of(const Sighting& sighting) {
    auto found = lines_.find(sighting.connection);
    if (found == lines_.end()) {
        found = lines_.emplace(sighting.connection, Line{}).first;
        found->second.number = next_line_++;
    }
    Line& line = found->second;
    if (line.ip.empty()) line.ip = sighting.ip;
    if (line.connector.empty()) line.connector = sighting.connector;
    return line;
}

void Runs::at(Steady now) {
    for (const auto& entry : entries_) entry->run.at(now - entry->began);
    count_going_on();
}

bool Runs::abort(std::string_view id, const std::string& why, Steady now) {
    Entry* entry = find_mutable(id);
    if (!entry || entry->run.over()) return false;
    entry->run.abort(why, now - entry->began);
    count_going_on();
    return true;
}

bool Runs::hook_answered(std::string_view id, const HookAnswered& answer, Steady now) {
    Entry* entry = find_mutable(id);
    if (!entry || entry->run.over()) return false;
    hand(*entry, {.at = now, .seen = answer}, now);
    return true;
}

void Runs::cannot(std::string_view id, const std::string& why, Steady now) {
    if (Entry* entry = find_mutable(id)) entry->run.cannot(why, now - entry->began);
    count_going_on();
}

bool Runs::journalled(std::string_view connector, std::uint64_t cursor, const journal::Recorded& event, Steady now) {
    bool told = false;
    for (const auto& entry : entries_) {
        if (!entry->run.wants_journal() || entry->run.plan().subject.connector != connector) continue;
        hand(*entry, {.at = now, .cursor = cursor, .seen = Journalled{&event}}, now);
        told = true;
    }
    return told;
}

void Runs::neighbours(std::string_view id, std::uint64_t count, Steady now) {
    Entry* entry = find_mutable(id);
    if (entry && !entry->run.over()) hand(*entry, {.at = now, .seen = Neighbours{count}}, now);
}

void Runs::abort_all(const std::string& why, Steady now) {
    for (const auto& entry : entries_) entry->run.abort(why, now - entry->began);
    count_going_on();
}

bool Runs::remove(std::string_view id) {
    const Entry* entry = find(id);
    if (!entry || !entry->run.over()) return false;
    std::erase_if(entries_, [&](const auto& each) { return each.get() == entry; });
    return true;
}

std::optional<Steady> Runs::next_deadline() const {
    std::optional<Steady> next;
    for (const auto& entry : entries_) {
        if (entry->run.over()) continue;
        const Steady deadline = entry->began + entry->run.next_deadline();
        if (!next || deadline < *next) next = deadline;
    }
    return next;
}

const Runs::Entry* Runs::find(std::string_view id) const {
    const auto found = std::ranges::find_if(entries_, [&](const auto& entry) { return entry->id == id; });
    return found == entries_.end() ? nullptr : found->get();
}

std::vector<Runs::OrderOf> Runs::take_orders() {
    std::vector<OrderOf> orders;
    for (const auto& entry : entries_)
        for (Order& order : entry->run.take_orders()) orders.push_back({entry.get(), std::move(order)});
    return orders;
}

Runs::Entry* Runs::find_mutable(std::string_view id) {
    const auto found = std::ranges::find_if(entries_, [&](const auto& entry) { return entry->id == id; });
    return found == entries_.end() ? nullptr : found->get();
}

Runs::Entry* Runs::of_device(std::string_view connector, std::string_view identity) {
    const auto found = std::ranges::find_if(entries_, [&](const auto& entry) {
        const Subject& subject = entry->run.plan().subject;
        return !entry->run.over() && subject.connector == connector && subject.identity == identity;
    });
    return found == entries_.end() ? nullptr : found->get();
}

// The only run whose device came from there. [verdict.md 2, Attempt]
Runs::Entry* Runs::of_address(std::string_view ip) {
    Entry* only = nullptr;
    for (const auto& entry : entries_) {
        if (entry->run.over() || std::ranges::find(entry->addresses, ip) == entry->addresses.end()) continue;
        if (only) return nullptr;
        only = entry.get();
    }
    return only;
}

// The only run that still waits for its device there: a connection that never said whose it is may be its.
Runs::Entry* Runs::waiting_for(std::string_view connector) {
    Entry* only = nullptr;
    for (const auto& entry : entries_) {
        const bool fits = connector.empty() || entry->run.plan().subject.connector == connector;
        if (entry->run.over() || entry->run.connected_once() || !fits) continue;
        if (only) return nullptr;
        only = entry.get();
    }
    return only;
}

// The owner hears what the connection did before it was known.
void Runs::claim(Line& line, Entry& owner) {
    line.owner = &owner;
    line.early.replay(line.number, [&](const Observation& observation) { hand(owner, observation, observation.at); });
    const bool known = std::ranges::find(owner.addresses, line.ip) != owner.addresses.end();
    if (line.named && !known && owner.addresses.size() < most_addresses) owner.addresses.push_back(line.ip);
}

// A hit of somebody else's fault is nothing to it.
void Runs::hand(Entry& entry, const Observation& observation, Steady now) {
    const auto* hit = std::get_if<FaultHit>(&observation.seen);
    if (hit && hit->fault.starts_with("run-") && !hit->fault.starts_with("run-" + entry.id + "-")) return;
    Observation since = observation;
    since.at = std::max(Moment{0}, now - entry.began);
    entry.run.on(since);
}

void Runs::count_going_on() {
    going_on_ =
        static_cast<std::size_t>(std::ranges::count_if(entries_, [](const auto& entry) { return !entry->run.over(); }));
    if (going_on_ == 0) return lines_.clear();
    for (auto& [connection, line] : lines_)
        if (line.owner && line.owner->run.over()) line.owner = nullptr;
}

bool Runs::make_room() {
    if (entries_.size() < most_) return true;
    const auto oldest = std::ranges::find_if(entries_, [](const auto& entry) { return entry->run.over(); });
    if (oldest == entries_.end()) return false;
    entries_.erase(oldest);
    return true;
}

}  // namespace verdict
