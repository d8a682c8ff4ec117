#include "server/verdict/checks/backoff_sequences.h"

#include "server/verdict/checks/act_tools.h"

#include <utility>

namespace verdict {

void Backoff::on(const Observation& observation, Desk& desk) {
    if (recovering_) {
        if (!logs_in(observation)) return;
        recovering_ = false;
        return next(desk);
    }
    sequences_.back().on(observation, desk);
    if (sequences_.back().over()) step(desk);
}

void Backoff::at(Desk& desk) {
    if (recovering_)
        return desk.end(failed("It did not come back when it was let in again.",
                               "Go on trying after every refusal, with a growing pause."));
    sequences_.back().at(desk);
    step(desk);
}

void Backoff::next(Desk& desk) {
    auto sequence = following(desk);
    if (!sequence) return desk.end(judge(desk));
    sequences_.push_back(*std::move(sequence));
    sequences_.back().begin(desk);
}

void Backoff::step(Desk& desk) {
    if (!following(desk)) return desk.end(judge(desk));
    let_in(desk);
    recovering_ = true;
    desk.wait("the device to come back", desk.now() + comes_back_within(desk));
}

}  // namespace verdict
