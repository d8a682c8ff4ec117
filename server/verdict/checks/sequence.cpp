#include "server/verdict/checks/sequence.h"

#include <algorithm>

namespace verdict {

void Sequence::begin(Desk& desk) {
    for (const Order& order : begin_) std::visit([&](const auto& each) { desk.order(each); }, order);
    desk.wait("the device's first attempt", desk.now() + desk.parameters().max_backoff);
}

void Sequence::on(const Observation& observation, Desk& desk) {
    attempts_.on(observation);
    look(desk);
}

void Sequence::at(Desk& desk) {
    const auto& all = attempts_.all();
    const bool open = !all.empty() && !all.back().ended;
    stuck_ = open;
    if (!open) pauses_.push_back(desk.parameters().max_backoff);  // waited for no longer
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
    const std::string count =
        "attempt " + std::to_string(all.size() + (all.back().ended ? 1 : 0)) + " of " + std::to_string(wanted_);
    if (!all.back().ended) return desk.wait(count + " to end", all.back().began + attempt_lasts_);
    over_ = all.size() >= wanted_;
    if (!over_) desk.wait(count, *all.back().ended + desk.parameters().max_backoff);
}

}  // namespace verdict
