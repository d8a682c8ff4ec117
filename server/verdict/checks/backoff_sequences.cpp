#include "server/verdict/checks/backoff_sequences.h"

#include "server/verdict/checks/act_tools.h"

#include <utility>

namespace verdict {

void Backoff::on(const Observation& observation, Desk& desk) {
    if (recovering_) return recover(observation, desk);
    sequences_.back().on(observation, desk);
    if (sequences_.back().over()) step(desk);
}

void Backoff::at(Desk& desk) {
    if (recovering_) return desk.end(not_well());
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
    let_in_ = false;
    desk.wait("the device to come back", desk.now() + comes_back_within(desk));
}

// A report is what many devices, for good reasons, begin their pauses anew with: CONNACK alone is not the end of what
// kept them out. The next sequence must not meet the pauses of the one before.
void Backoff::recover(const Observation& observation, Desk& desk) {
    if (logs_in(observation)) {
        let_in_ = true;
        desk.wait("the device to report again", desk.now() + reports_within(desk));
    }
    if (!let_in_ || (desk.habits().report_interval() && !reports(observation))) return;
    recovering_ = false;
    next(desk);
}

Result Backoff::not_well() const {
    constexpr const char* hint = "Go on trying after every refusal, with a growing pause.";
    return let_in_ ? failed("Let in again, it came back and reported nothing any more.", hint)
                   : failed("It did not come back when it was let in again.", hint);
}

}  // namespace verdict
