#include "server/verdict/checks/sequence.h"

#include <algorithm>

namespace verdict {

void Sequence::begin(Desk& desk) {
    for (const Order& order : begin_) std::visit([&](const auto& each) { desk.order(each); }, order);
    pause_lasts_ = desk.parameters().max_backoff;
    desk.wait("the device's first attempt", desk.now() + pause_lasts_);
}

void Sequence::on(const Observation& observation, Desk& desk) {
    attempts_.on(observation);
    look(desk);
}

void Sequence::at() {
    const auto& all = attempts_.all();
    const bool open = !all.empty() && !all.back().ended;
    stuck_ = open;
    if (!open) pauses_.push_back(pause_lasts_);  // waited for no longer
    over_ = true;
}

int Sequence::packets_after_refusal() const {
    int count = 0;
    for (const Attempt& attempt : attempts_.all()) count += attempt.other_packets_after_refusal;
    return count;
}

void Sequence::look(Desk& desk) {
    const auto& all = attempts_.all();
    if (all.empty()) return;
    pauses_ = attempts_.pauses();
    whole_ = pauses_.size();
    // Before its CONNECT, an attempt may turn out to be the second half of one that was refused.
    const bool told =
        all.back().ended || all.back().connects > 0 || all.size() < 2 || all[all.size() - 2].reach != Reach::refused;
    pause_lasts_ = desk.parameters().max_backoff;
    if (certain_ && told) pause_lasts_ = std::min(pause_lasts_, certain_(pauses_));
    over_ = pause_lasts_ == Moment{0} || (all.back().ended && all.size() >= wanted_);
    if (over_) return;
    const std::string count =
        "attempt " + std::to_string(all.size() + (all.back().ended ? 1 : 0)) + " of " + std::to_string(wanted_);
    if (!all.back().ended) return desk.wait(count + " to end", all.back().began + attempt_lasts_);
    desk.wait(count, *all.back().ended + pause_lasts_);
}

}  // namespace verdict
