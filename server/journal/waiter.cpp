#include "server/journal/waiter.h"

#include "server/journal/event_json.h"
#include "server/journal/event_names.h"

#include <algorithm>
#include <tuple>

namespace journal {

bool Waiter::reached() const {
    if (is_sequence()) return step_ == goal_.steps.size();
    return !goal_.exactly && found_ >= goal_.count;
}

bool Waiter::reached_at_end() const {
    return goal_.exactly ? found_ == goal_.count : reached();
}

void Waiter::take(const Recorded& recorded) {
    if (reached()) return;
    if (!matches(step(), recorded)) {
        consider(recorded);
        return;
    }
    ++found_;
    if (goal_.exactly && found_ > goal_.count) {
        keep(Reason::one_too_many, 0, step_, recorded);
        return;
    }
    count_in(recorded);
    if (!is_sequence()) return;
    ++step_;
    near_.clear();  // what came near the step before is no news
}

void Waiter::take_earlier(const Recorded& recorded) {
    if (reached() || !matches(step(), recorded)) return;
    // The newest says all.
    std::erase_if(near_, [](const Near& near) { return near.reason == Reason::before_the_wait; });
    keep(Reason::before_the_wait, 0, step_, recorded);
}

void Waiter::count_in(const Recorded& recorded) {
    last_cursor_ = recorded.cursor;
    if (event_bytes_ >= most_event_bytes) return;
    std::string json;
    append_json(json, recorded, goal_.most_payload);
    event_bytes_ += json.size();
    events_.push_back(std::move(json));
}

void Waiter::consider(const Recorded& recorded) {
    const std::size_t last = std::min(goal_.steps.size(), step_ + 1 + most_steps_ahead);
    for (std::size_t later = step_ + 1; later < last; ++later) {
        if (!matches(goal_.steps[later], recorded)) continue;
        keep(Reason::out_of_order, 0, later, recorded);
        return;
    }
    // Of what came near, the newest are kept: they tell where the device stands.
    if (const auto near = nearness(step(), recorded)) keep(Reason::differs, *near + 1, step_, recorded);
}

void Waiter::keep(Reason reason, unsigned nearness, std::size_t step, const Recorded& recorded) {
    const auto nearer = [](const Near& a, const Near& b) {
        return std::tie(a.nearness, b.cursor) < std::tie(b.nearness, a.cursor);
    };
    const bool full = near_.size() == most_near_misses;
    if (full && nearness > near_.back().nearness) return;
    if (full) near_.pop_back();
    const Near added{reason, nearness, recorded.cursor, step};
    near_.insert(std::upper_bound(near_.begin(), near_.end(), added, nearer), added);
}

namespace {

// "data_in or connect ", empty for any type.
std::string wanted_types(const Filter& filter) {
    std::string names;
    for (std::size_t i = 0; i <= last_type_index; ++i) {
        if ((filter.types & (std::uint32_t{1} << i)) == 0) continue;
        names.append(names.empty() ? "" : "or ").append(type_name(static_cast<EventType>(i))).append(" ");
    }
    return names;
}

}  // namespace

std::string Waiter::shortfall() const {
    if (is_sequence()) {
        return "step " + std::to_string(step_ + 1) + " of " + std::to_string(goal_.steps.size()) + " did not come";
    }
    const std::string found = found_ == 0 ? "no" : std::to_string(found_);
    return found + " matching " + wanted_types(goal_.steps.front().filter) + "event" + (found_ > 1 ? "s" : "") +
           " (wanted " + (goal_.exactly ? "exactly " : "at least ") + std::to_string(goal_.count) + ")";
}

NearMiss Waiter::in_words(const Near& near, const Recorded& recorded) const {
    NearMiss miss;
    append_json(miss.event, recorded, goal_.most_payload);
    miss.why = why(near, recorded);
    return miss;
}

std::string Waiter::why(const Near& near, const Recorded& recorded) const {
    switch (near.reason) {
        case Reason::one_too_many:
            return "it fits, and is one more than the " + std::to_string(goal_.count) + " that were wanted";
        case Reason::out_of_order:
            return "it fits step " + std::to_string(near.step + 1) + " of the sequence, but came while step " +
                   std::to_string(step_ + 1) + " was still missing";
        case Reason::before_the_wait:
            return "it fits, but came before the wait began: \"since\":" + std::to_string(recorded.cursor - 1) +
                   " would have counted it";
        case Reason::differs:
            break;
    }
    return why_not(step(), recorded);
}

}  // namespace journal
