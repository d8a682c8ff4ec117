#include "server/journal/waiter.h"

#include "server/journal/event_json.h"

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
    kept_.clear();  // what came near the step before is no news
}

void Waiter::take_earlier(const Recorded& recorded) {
    if (reached() || !matches(step(), recorded)) return;
    std::erase_if(kept_,
                  [](const Kept& kept) { return kept.reason == Reason::before_the_wait; });  // the newest says all
    keep(Reason::before_the_wait, 0, step_, recorded);
}

void Waiter::count_in(const Recorded& recorded) {
    last_cursor_ = recorded.cursor;
    if (event_bytes_ >= most_event_bytes) return;
    std::string json;
    append_json(json, recorded);
    event_bytes_ += json.size();
    events_.push_back(std::move(json));
}

void Waiter::consider(const Recorded& recorded) {
    for (std::size_t later = step_ + 1; later < goal_.steps.size(); ++later) {
        if (!matches(goal_.steps[later], recorded)) continue;
        keep(Reason::out_of_order, 0, later, recorded);
        return;
    }
    // Of what came near, the newest are kept: they tell where the device stands.
    if (const auto near = nearness(step(), recorded)) keep(Reason::differs, *near + 1, step_, recorded);
}

void Waiter::keep(Reason reason, unsigned nearness, std::size_t step, const Recorded& recorded) {
    const auto nearer = [](const Kept& a, const Kept& b) {
        return std::tie(a.nearness, b.cursor) < std::tie(b.nearness, a.cursor);
    };
    const bool full = kept_.size() == most_near_misses;
    if (full && nearness > kept_.back().nearness) return;
    Kept kept{reason, nearness, recorded.cursor, step, {}};
    if (full) {
        kept.block = std::move(kept_.back().block);
        kept_.pop_back();
    }
    kept.block.clear();
    EventWriter().append(kept.block, recorded.cursor, recorded.event);
    const auto place = std::upper_bound(kept_.begin(), kept_.end(), kept, nearer);
    kept_.insert(place, std::move(kept));
}

std::string Waiter::shortfall() const {
    if (is_sequence()) {
        return "step " + std::to_string(step_ + 1) + " of " + std::to_string(goal_.steps.size()) + " did not come";
    }
    const std::string found = std::to_string(found_) + (found_ == 1 ? " event" : " events") + " that fit came";
    return found + ", " + (goal_.exactly ? "exactly " : "at least ") + std::to_string(goal_.count) +
           (goal_.count == 1 ? " was" : " were") + " wanted";
}

std::vector<NearMiss> Waiter::near_misses() const {
    std::vector<NearMiss> shown;
    for (const Kept& kept : kept_) {
        EventReader reader(kept.block);
        const auto recorded = reader.next();
        if (!recorded) continue;
        NearMiss miss;
        append_json(miss.event, *recorded);
        miss.why = why(kept, *recorded);
        shown.push_back(std::move(miss));
    }
    return shown;
}

std::string Waiter::why(const Kept& kept, const Recorded& recorded) const {
    switch (kept.reason) {
        case Reason::one_too_many:
            return "it fits, and is one more than the " + std::to_string(goal_.count) + " that were wanted";
        case Reason::out_of_order:
            return "it fits step " + std::to_string(kept.step + 1) + " of the sequence, but came while step " +
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
